"""What `sportello doctor` says about the WhatsApp number."""
from datetime import UTC, datetime

import msgspec

from bot.channels.meta.graph import GraphClient
from bot.channels.meta.refusals import GraphError, in_words
from bot.model.errors import DeliveryError, SportelloError
from bot.model.ports import Clock
from bot.settings import MetaAccount
from bot.settings.shop import Template

FIELDS = "display_phone_number,verified_name,quality_rating,status,webhook_configuration"
SCOPES = ("whatsapp_business_messaging", "whatsapp_business_management")
#: 'Unknown object': for Meta there is no difference between what does not exist and what a token may not see.
UNKNOWN_OBJECT = 100


class _Hooks(msgspec.Struct):
    """The most special one wins."""

    phone_number: str = ""
    whatsapp_business_account: str = ""
    application: str = ""


class _Number(msgspec.Struct):
    display_phone_number: str = ""
    verified_name: str = ""
    quality_rating: str = ""
    status: str = ""
    webhook_configuration: _Hooks = msgspec.field(default_factory=_Hooks)


class _Scope(msgspec.Struct):
    scope: str = ""
    target_ids: tuple[str, ...] = ()


class _Token(msgspec.Struct):
    """``expires_at`` is 0 for a token without end; ``granular_scopes`` name the business accounts it is good for."""

    is_valid: bool = True
    expires_at: int = 0
    scopes: tuple[str, ...] = ()
    granular_scopes: tuple[_Scope, ...] = ()


class _TokenAnswer(msgspec.Struct):
    data: _Token


class _Row(msgspec.Struct):
    name: str = ""
    language: str = ""
    status: str = ""


class _Rows(msgspec.Struct):
    data: tuple[_Row, ...] = ()


class Check:
    """Args:
    path: of our webhook.
    verify_token: what has to be entered at Meta beside it.
    """

    def __init__(
        self, graph: GraphClient, account: MetaAccount, clock: Clock, late: Template, *, path: str, verify_token: str
    ) -> None:
        self._graph = graph
        self._account = account
        self._clock = clock
        self._template = late
        self._path = path
        self._verify_token = verify_token

    async def __call__(self) -> str:
        """In words what works.

        Raises:
            SportelloError: what is wrong and what to do.
        """
        try:
            number = await self._number()
            token = await self._token()
            for business in _businesses(token):
                await self._check_business(business)
        except msgspec.ValidationError as error:
            raise SportelloError(f"Meta's answer cannot be read ({error}). Is SPORTELLO_WHATSAPP_API right?") from None
        except DeliveryError as error:
            raise SportelloError(in_words(error, self._account, "SPORTELLO_WHATSAPP_API")) from error
        url = self._webhook(number)
        said = f"{number.display_phone_number} ({number.verified_name}), webhook {url}"
        if number.quality_rating in ("RED", "YELLOW"):
            said += (
                f"; quality {number.quality_rating}: shoppers block or report this number. Send fewer messages that "
                "nobody asked for, or Meta will let you send fewer"
            )
        return f"{said}; {_until(token)}" if token.expires_at else said

    async def _number(self) -> _Number:
        try:
            number = msgspec.convert(await self._graph.get(self._account.id, fields=FIELDS), _Number)
        except GraphError as error:
            if error.code != UNKNOWN_OBJECT:
                raise
            raise SportelloError(
                f"Meta knows no phone number {self._account.id} that this token may use. Copy the Phone number ID (not "
                "the number) from the app's page WhatsApp, API Setup, and give the token's system user this account."
            ) from None
        if number.status not in ("", "CONNECTED"):
            raise SportelloError(
                f"The number {number.display_phone_number} is {number.status}, not CONNECTED. Finish its registration "
                "in WhatsApp Manager, under Phone numbers."
            )
        return number

    async def _token(self) -> _Token:
        try:
            answer = await self._graph.get("debug_token", input_token=self._account.token.reveal())
        except GraphError:  # not every token may look at itself
            return _Token()
        token = msgspec.convert(answer, _TokenAnswer).data
        missing = [scope for scope in SCOPES if token.scopes and scope not in token.scopes]
        if missing:
            raise SportelloError(
                f"The token lacks {' and '.join(missing)}. Make one with {' and '.join(SCOPES)} in Business settings, "
                "System users."
            )
        left = token.expires_at - self._clock.now().timestamp()
        if token.expires_at and left <= 24 * 3600:
            raise SportelloError(
                f"The token is a temporary one: {_until(token)}. Make one that does not expire in Business settings, "
                "System users, and set SPORTELLO_WHATSAPP_TOKEN to it."
            )
        return token

    async def _check_business(self, business: str) -> None:
        try:
            apps = msgspec.convert(await self._graph.get(f"{business}/subscribed_apps"), dict[str, object])
            templates = await self._templates(business)
        except DeliveryError:  # an account of somebody else's that the token may see as well
            return
        if not apps.get("data"):
            raise SportelloError(
                f"No app listens to the WhatsApp business account {business}, so no message arrives. Subscribe yours: "
                f"POST {self._account.api}/{self._account.version}/{business}/subscribed_apps with the token."
            )
        if self._template.name and "APPROVED" not in {row.status for row in templates.data}:
            found = ", ".join(f"{row.language}: {row.status}" for row in templates.data) or "there is none"
            raise SportelloError(
                f"The template '{self._template.name}' is not approved ({found}). Look at it in WhatsApp Manager, or "
                "take channels.whatsapp.template out of shop.yml."
            )

    async def _templates(self, business: str) -> _Rows:
        if not self._template.name:
            return _Rows()
        asked = {"name": self._template.name, "fields": "name,language,status"}
        return msgspec.convert(await self._graph.get(f"{business}/message_templates", **asked), _Rows)

    def _webhook(self, number: _Number) -> str:
        hooks = number.webhook_configuration
        url = hooks.phone_number or hooks.whatsapp_business_account or hooks.application
        if url.split("?")[0].endswith(self._path):
            return url
        met = f"Meta sends this number's messages to {url}" if url else "Meta has no webhook for this number"
        raise SportelloError(
            f"{met}. In the app, WhatsApp, Configuration, enter the callback URL https://<your desk>{self._path} and "
            f"the verify token {self._verify_token}, then subscribe to the field messages."
        )


def _businesses(token: _Token) -> tuple[str, ...]:
    return next((one.target_ids for one in token.granular_scopes if one.scope == SCOPES[1]), ())[:3]


def _until(token: _Token) -> str:
    return f"the token works until {datetime.fromtimestamp(token.expires_at, UTC):%Y-%m-%d %H:%M} UTC"
