"""The shop's accounts at Meta: a WhatsApp number, a Messenger page, an Instagram account."""
import re
from collections.abc import Mapping

from msgspec import Struct

from bot.model.errors import SettingError
from bot.settings.accounts.common import read_api, refuse_alone
from bot.settings.secret import Secret, given_secret

GRAPH = "https://graph.facebook.com"
VERSION = "v26.0"  # of 29 Jul 2026
_VERSION = re.compile(r"v\d{1,3}\.\d")
_ID = re.compile(r"\d{5,25}")


class MetaAccount(Struct, frozen=True):
    """Attributes:
    id: what events are addressed to and sends come from: phone-number id, page id, Instagram account id.
    app_secret: signs what Meta sends.
    verify_token: what Meta shows when the webhook is set up; None = one is made from the desk's own secret.
    app_id: tells our own echoes from a person's in the inbox; '' on WhatsApp.
    api: address of the Graph API, without a slash at its end.
    """

    id: str
    token: Secret
    app_secret: Secret
    verify_token: Secret | None = None
    app_id: str = ""
    api: str = GRAPH
    version: str = VERSION


def read_meta(given: Mapping[str, str], prefix: str, id_name: str) -> MetaAccount | None:
    """The account whose variables begin with ``prefix``, like SPORTELLO_WHATSAPP_; None where no token is set.

    Raises:
        SettingError: its ``file`` is the variable's name.
    """
    token = given_secret(given, f"{prefix}TOKEN")
    if token is None:
        refuse_alone(given, prefix, f"{prefix}TOKEN")
        return None
    app_secret = given_secret(given, f"{prefix}APP_SECRET")
    if app_secret is None:
        raise SettingError(
            "it is missing, and without it nobody can tell Meta's messages from forged ones. Copy the app secret from "
            "the app's basic settings.",
            file=f"{prefix}APP_SECRET",
        )
    version = given.get(f"{prefix}API_VERSION", VERSION)
    if not _VERSION.fullmatch(version):
        raise SettingError(f"'{version}' is no version. Write it like {VERSION}.", file=f"{prefix}API_VERSION")
    return MetaAccount(
        id=_read_id(given, f"{prefix}{id_name}"),
        token=token,
        app_secret=app_secret,
        verify_token=given_secret(given, f"{prefix}VERIFY_TOKEN"),
        app_id=_read_id(given, f"{prefix}APP_ID") if f"{prefix}APP_ID" in given else "",
        api=read_api(given, f"{prefix}API", GRAPH),
        version=version,
    )


def _read_id(given: Mapping[str, str], name: str) -> str:
    value = given.get(name, "")
    if not _ID.fullmatch(value):
        raise SettingError(f"'{value}' is no id of Meta's. It is a number of 5 to 25 digits.", file=name)
    return value
