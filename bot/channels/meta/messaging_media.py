"""Files that shoppers sent: shown under an address of ours that holds Meta's, signed, so that nobody else makes one."""
from itsdangerous import BadData, URLSafeSerializer

from bot.channels import Media
from bot.channels.meta.graph import GraphClient
from bot.model.errors import DeliveryError

#: Messenger takes attachments of up to 25 MB.
LIMIT = 25 * 1024 * 1024
_LONGEST = 4_000


class MediaDoor:
    """Addresses out, files in.

    Args:
        secret: of the desk.
    """

    def __init__(self, kind: str, graph: GraphClient, secret: str) -> None:
        self._kind = kind
        self._graph = graph
        self._signer = URLSafeSerializer(secret, salt=f"{kind} media")

    def shown(self, url: str) -> str:
        """The `Attachment.url` for Meta's ``url``; '' where there is none."""
        if not url.startswith(("https://", "http://")) or len(url) > _LONGEST or not url.isascii():
            return ""
        return f"/media/{self._kind}/{self._signer.dumps(url)}"

    async def media(self, reference: str) -> Media:
        """The file behind `shown`; Meta forgets it after some days.

        Raises:
            DeliveryError: this reference is none of ours; the file is too large, gone, or does not lie at Meta.
        """
        try:
            url = str(self._signer.loads(reference))
        except BadData:
            raise DeliveryError("This reference to a file was not made by this desk.", permanent=True) from None
        return await self._graph.fetch(url, limit=LIMIT, with_token=False)
