"""Server-sent events: one place that knows the wire, for the widget and the console."""
import json
from collections.abc import AsyncIterator
from typing import Any

from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.responses import Response

#: Proxies drop a connection that says nothing for 30 to 60 s.
KEEPALIVE_S = 15


def event_stream(source: AsyncIterator[tuple[str, str | None, dict[str, Any]]]) -> Response:
    """Stream ``(event, id, data)`` as they come, a comment every 15 s between them.

    ``source`` is closed when the browser leaves or the server stops.
    """
    return EventSourceResponse(
        _wire(source),
        ping=KEEPALIVE_S,
        ping_message_factory=lambda: ServerSentEvent(comment="keepalive", sep="\n"),
        sep="\n",
        headers={"X-Accel-Buffering": "no"},
    )


async def _wire(source: AsyncIterator[tuple[str, str | None, dict[str, Any]]]) -> AsyncIterator[ServerSentEvent]:
    async for event, id_, data in source:
        yield ServerSentEvent(json.dumps(data, ensure_ascii=False), event=event, id=id_, sep="\n")
