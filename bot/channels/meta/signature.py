"""Who may call the webhook: Meta's signature on each delivery, our verify token at set-up."""
import hmac
from collections.abc import Mapping
from hashlib import sha256

from bot.model.errors import InboundError
from bot.settings import MetaAccount, Secret

SIGNATURE_HEADER = "x-hub-signature-256"


def check_signature(headers: Mapping[str, str], body: bytes, app_secret: Secret) -> None:
    """Return if ``body`` was signed with the app's secret.

    Args:
        headers: names in small letters.
        body: as it came. Meta signs JSON with every letter beyond ASCII escaped, so decoding and encoding it again
            would break the signature exactly on accented text.

    Raises:
        InboundError: 401.
    """
    signed = "sha256=" + hmac.new(app_secret.reveal().encode(), body, sha256).hexdigest()
    if not hmac.compare_digest(headers.get(SIGNATURE_HEADER, "").encode(), signed.encode()):
        raise InboundError(
            f"The header {SIGNATURE_HEADER} does not fit the body and this app's secret. If Meta sent this, copy the "
            "app secret again.",
            status=401,
        )


def verify_token(account: MetaAccount, desk_secret: Secret, kind: str) -> str:
    """What Meta must show at the set-up of the webhook of channel ``kind``: as set, or made from the desk's secret."""
    if account.verify_token is not None:
        return account.verify_token.reveal()
    return hmac.new(desk_secret.reveal().encode(), f"{kind} verify".encode(), sha256).hexdigest()
