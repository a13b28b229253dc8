"""The Message-ID of a message of ours: made from its key, so that a retry, an answer and a bounce can be recognised."""
import hmac
import re
from hashlib import sha256

_OURS = re.compile(r"<([A-Za-z0-9-]{1,64})\.([0-9a-f]{16})@([^<>@\s]+)>")


class MessageIds:
    """Args:
    secret: signs the ids. Keys can be guessed, and a forged bounce would make a shopper unreachable.
    """

    def __init__(self, domain: str, secret: str) -> None:
        self._domain = domain
        self._secret = hmac.new(secret.encode(), b"e-mail message ids", sha256).digest()

    def of(self, key: str) -> str:
        """'<key.signature@domain>', the same at every retry."""
        return f"<{key}.{self._signature(key)}@{self._domain}>"

    def find_key(self, message_id: str) -> str | None:
        """The key behind an id of ours; None where it is another's or forged."""
        found = _OURS.fullmatch(message_id.strip())
        if found is None or found[3].lower() != self._domain.lower():
            return None
        return found[1] if hmac.compare_digest(found[2], self._signature(found[1])) else None

    def _signature(self, key: str) -> str:
        return hmac.new(self._secret, key.encode(), sha256).hexdigest()[:16]
