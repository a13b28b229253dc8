"""A thin client of Meta's Graph API: a call succeeds, or its error says what to do with the message."""
import logging
from collections.abc import Mapping
from typing import Any

import httpx
import msgspec

from bot.channels import Media
from bot.channels.decoding import UNREADABLE
from bot.channels.meta.refusals import GraphError, graph_error
from bot.model.errors import DeliveryError
from bot.settings import MetaAccount

# Its line for each request holds the address, and some addresses of media open the file for anybody.
logging.getLogger("httpx").setLevel(logging.WARNING)

TIMEOUT = httpx.Timeout(20.0, connect=10.0)
#: Where Meta keeps files. Nowhere else does a token go, nor a request of ours.
MEDIA_HOSTS = ("facebook.com", "fbsbx.com", "fbcdn.net", "whatsapp.net", "cdninstagram.com", "instagram.com")
#: Causes that prove that not a byte of the request was read by Meta.
_NOT_WRITTEN = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.ProxyError)
#: What a browser shows without running it. Any other file is only ever a download.
_SHOWN = frozenset(
    {
        "image/jpeg", "image/png", "image/webp", "image/gif", "audio/ogg", "audio/mpeg", "audio/mp4", "audio/aac",
        "audio/amr", "video/mp4", "video/3gpp", "application/pdf",
    }
)


class _Data(msgspec.Struct):
    details: str = ""


class _Error(msgspec.Struct):
    message: str = ""
    code: int = -1
    error_subcode: int | None = None
    error_data: _Data | None = None


class _Refusal(msgspec.Struct):
    error: _Error


class _Usage(msgspec.Struct):
    estimated_time_to_regain_access: float = 0.0


class GraphClient:
    """Calls as one account. ``problem`` says in words what keeps it from working; None while it works."""

    def __init__(self, account: MetaAccount) -> None:
        self._root = f"{account.api}/{account.version}/"
        self._api = httpx.URL(account.api)
        self._bearer = {"Authorization": f"Bearer {account.token.reveal()}"}
        limits = httpx.Limits(max_connections=64, max_keepalive_connections=16)
        self._http = httpx.AsyncClient(timeout=TIMEOUT, limits=limits)
        self.problem: str | None = None

    async def post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        """``path`` is below the version, like '<account id>/messages'.

        Raises:
            DeliveryError: refused, unreachable, or ``unknown``: Meta may have done it.
        """
        return await self._call("POST", path, json=body)

    async def get(self, path: str, **parameters: str) -> dict[str, Any]:
        """As `post`, for reading; never ``unknown``."""
        return await self._call("GET", path, params=parameters)

    async def fetch(self, url: str, *, limit: int, with_token: bool = True, mime_type: str = "") -> Media:
        """A file that Meta keeps, of at most ``limit`` bytes.

        Args:
            with_token: WhatsApp wants it; the addresses in Messenger's and Instagram's events open without.
            mime_type: what the file is, where that is known better than from the answer's header.

        Raises:
            DeliveryError: it is too large, gone, not Meta's, or Meta cannot be reached.
        """
        self._refuse_foreign(url)
        content = bytearray()
        try:
            async with self._http.stream("GET", url, headers=self._bearer if with_token else {}) as answer:
                if answer.status_code != 200:
                    said = f"Meta does not give out the file: HTTP {answer.status_code}."
                    raise DeliveryError(said, permanent=answer.status_code < 500)
                async for chunk in answer.aiter_bytes():
                    content += chunk
                    if len(content) > limit:
                        raise DeliveryError(f"The file is larger than {limit // 1024} KB.", permanent=True)
                kind = (mime_type or answer.headers.get("content-type", "")).partition(";")[0].strip().lower()
                return Media(bytes(content), kind if kind in _SHOWN else "application/octet-stream")
        except httpx.HTTPError as error:
            raise DeliveryError(f"The file cannot be fetched from Meta: {_words(error)}") from error

    async def close(self) -> None:
        """Release connections."""
        await self._http.aclose()

    async def _call(self, method: str, path: str, **content: Any) -> dict[str, Any]:
        try:
            answer = await self._http.request(method, self._root + path, headers=self._bearer, **content)
        except _NOT_WRITTEN as error:
            raise DeliveryError(f"Meta cannot be reached: {_words(error)}") from error
        except httpx.HTTPError as error:
            said = f"The connection to Meta broke: {_words(error)}"
            raise DeliveryError(said, unknown=method == "POST") from error
        try:
            return self._result(answer, method)
        except GraphError as error:
            if error.stops:
                self.problem = str(error)
            raise

    def _result(self, answer: httpx.Response, method: str) -> dict[str, Any]:
        if not answer.is_success:
            raise _refusal(answer, is_write=method == "POST")
        try:
            result = msgspec.json.decode(answer.content, type=dict[str, Any])
        except UNREADABLE as error:
            raise DeliveryError(f"Meta's answer cannot be read: {error}", unknown=method == "POST") from None
        self.problem = None
        return result

    def _refuse_foreign(self, url: str) -> None:
        try:
            parts = httpx.URL(url)
        except httpx.InvalidURL:
            raise DeliveryError("The file has no valid address.", permanent=True) from None
        is_metas = parts.scheme == "https" and any(f".{parts.host}".endswith(f".{one}") for one in MEDIA_HOSTS)
        if not is_metas and (parts.scheme, parts.netloc) != (self._api.scheme, self._api.netloc):
            said = f"The file lies at '{parts.host}', which is not Meta's; it is not fetched."
            raise DeliveryError(said, permanent=True)


def _refusal(answer: httpx.Response, *, is_write: bool) -> GraphError:
    """Without Meta's own words a 5xx comes from something between us and Meta, which may have done it."""
    try:
        error = msgspec.json.decode(answer.content, type=_Refusal).error
        is_metas = True
    except UNREADABLE:
        error, is_metas = _Error(), False
    details = error.error_data.details if error.error_data else ""
    refusal = graph_error(
        error.code, details or error.message or f"HTTP {answer.status_code}", subcode=error.error_subcode or 0,
        status=answer.status_code, retry_after_s=_wait(answer.headers),
    )
    refusal.unknown = is_write and not is_metas and answer.status_code >= 500
    return refusal


def _wait(headers: httpx.Headers) -> float | None:
    """Seconds that the answer asks us to wait; None when it names none."""
    given = headers.get("retry-after", "")
    if given.isascii() and given.isdigit() and len(given) < 7:
        return float(given)
    try:  # {"<business id>": [{…, "estimated_time_to_regain_access": <minutes>}]}
        usage = msgspec.json.decode(headers.get("x-business-use-case-usage", ""), type=dict[str, list[_Usage]])
    except UNREADABLE:
        return None
    waits = [one.estimated_time_to_regain_access * 60 for several in usage.values() for one in several]
    return max(waits, default=0.0) or None


def _words(error: httpx.HTTPError) -> str:
    return str(error) or type(error).__name__
