"""How connections to the mail servers are kept from others' eyes."""
import ssl
from functools import cache

from bot.settings.accounts import Server
from bot.settings.accounts.common import is_loopback

TIMEOUT_S = 30.0
#: For the answer to a whole mail: servers look into it first.
TAKEN_TIMEOUT_S = 120.0


def may_stay_plain(server: Server) -> bool:
    """Whether a connection without encryption shows nothing to anybody."""
    return is_loopback(server.host)


@cache  # reading all certificates takes tens of milliseconds
def tls_context(server: Server) -> ssl.SSLContext:
    """Checks the server's certificate, except on this machine, where mail servers sign their own."""
    context = ssl.create_default_context()
    if may_stay_plain(server):
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    return context
