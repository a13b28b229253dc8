"""Stores what was fetched together with the cursor that passes it; one bad event holds up nothing behind it."""
from collections.abc import Sequence

import structlog

from bot.channels import PollDesk
from bot.model.conversation import Inbound
from bot.model.errors import InboundError, StoreUnavailable

#: How often an event that breaks the desk itself is tried before it is left behind.
TRIES = 3

log = structlog.get_logger(__name__)


class Polled:
    """Args:
    channel: in the log.
    """

    def __init__(self, channel: str) -> None:
        self._channel = channel
        self._failing = ("", 0)  # (source, cursor) of the event that broke the desk last
        self._tried = 0

    async def store(
        self, desk: PollDesk, source: str, cursor: int, events: Sequence[tuple[int, Inbound | None]]
    ) -> None:
        """Store events, each given with the cursor that passes it alone, and then ``cursor``.

        Raises:
            StoreUnavailable: nothing more was stored; the rest comes again.
            Exception: as the desk raised it over one event, which comes again too, `TRIES` times in all.
        """
        try:
            return await desk.receive_polled(source, cursor, [one for _, one in events if one is not None])
        except StoreUnavailable:
            raise
        except Exception as error:  # noqa: BLE001  # told again with the one event that it is about
            log.info("polled_one_by_one", channel=self._channel, count=len(events), problem=repr(error))
        for at, inbound in events:
            await self._store_one(desk, source, at, inbound)
        return await desk.receive_polled(source, cursor, [])

    async def _store_one(self, desk: PollDesk, source: str, at: int, inbound: Inbound | None) -> None:
        try:
            await desk.receive_polled(source, at, [inbound] if inbound is not None else [])
        except StoreUnavailable:
            raise
        except InboundError as error:
            log.warning("polled_event_refused", channel=self._channel, cursor=at, problem=str(error))
        except Exception:
            self._tried = self._tried + 1 if self._failing == (source, at) else 1
            self._failing = (source, at)
            if self._tried < TRIES:
                raise
            log.exception("polled_event_left_behind", channel=self._channel, cursor=at)
