"""A shopper's file as an operator's browser may get it: shown where it is harmless, else only a download."""
from starlette.responses import Response

from bot.channels import Media

#: What a browser shows or plays without running anything in it.
_SHOWN = frozenset(
    {
        "image/jpeg", "image/png", "image/webp", "image/gif", "audio/ogg", "audio/mpeg", "audio/mp4", "audio/aac",
        "text/plain", "audio/amr", "audio/wav", "audio/webm", "video/mp4", "video/webm", "video/3gpp", "video/ogg",
    }
)


def media_response(media: Media) -> Response:
    """The file with a type that cannot run; anything else is a nameless download."""
    kind = media.mime_type.partition(";")[0].strip().lower()
    if kind in _SHOWN:
        return Response(media.content, media_type=kind)
    return Response(
        media.content, media_type="application/octet-stream", headers={"Content-Disposition": "attachment"}
    )
