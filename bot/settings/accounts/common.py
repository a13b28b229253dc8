"""What the accounts at all providers share."""
import ipaddress
from collections.abc import Mapping

from bot.model.errors import SettingError


def read_public_url(given: Mapping[str, str]) -> str:
    """The address at which providers reach the desk, without a slash at its end; '' where none is set."""
    address = given.get("SPORTELLO_PUBLIC_URL", "").rstrip("/")
    if address and not address.startswith(("https://", "http://")):
        raise SettingError(
            f"'{address}' is no address. Write it like https://desk.shop.example.", file="SPORTELLO_PUBLIC_URL"
        )
    return address


def read_api(given: Mapping[str, str], name: str, default: str) -> str:
    """A provider's address, without a slash at its end."""
    api = given.get(name, default).rstrip("/")
    if not api.startswith(("https://", "http://")):
        raise SettingError(f"'{api}' is no address. Begin it with https://.", file=name)
    return api


def refuse_alone(given: Mapping[str, str], prefix: str, needed: str) -> None:
    """An account without its main variable is a slip, not a choice.

    Raises:
        SettingError: a variable that begins with ``prefix`` is set and ``needed`` is not.
    """
    alone = next((name for name in given if name.startswith(prefix)), None)
    if alone is not None:
        raise SettingError(f"{needed} is missing. Set it too, or unset this one.", file=alone)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, so that nobody else hears what is said to it."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False
