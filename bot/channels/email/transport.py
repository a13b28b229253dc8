"""How connections to the mail servers are kept from others' eyes."""
import ipaddress
import ssl
from functools import cache

from bot.settings.accounts import Server

TIMEOUT_S = 30.0
#: For the answer to a whole mail: servers look into it first.
TAKEN_TIMEOUT_S = 120.0


def may_stay_plain(server: Server) -> bool:
    """Whether the server is this machine, so that a connection without encryption shows nothing to anybody."""
    if server.host == "localhost":
        return True
    try:
        return ipaddress.ip_address(server.host.strip("[]")).is_loopback
    except ValueError:
        return False


@cache  # reading all certificates takes tens of milliseconds
def tls_context(server: Server) -> ssl.SSLContext:
    """Checks the server's certificate, except on this machine, where mail servers sign their own."""
    context = ssl.create_default_context()
    if may_stay_plain(server):
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
