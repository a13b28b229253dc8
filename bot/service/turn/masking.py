"""Card numbers and security codes never reach the disk."""
import re

MASK = "•"
_CARD = re.compile(r"(?<![\d-])\d(?:[ -]?\d){12,18}(?![\d-]?\d)")
# A security code is three or four digits beside its name, in either order of the sentence.
_CODE = re.compile(r"(?i)\b(cvv2?|cvc2?|codice di sicurezza|security code)(\W{0,3}(?:è|e'|is|:|=)?\W{0,3})(\d{3,4})\b")


def mask_cards(text: str) -> str:
    """The text with card numbers (13 to 19 digits, Luhn) and CVV codes replaced; the last four digits stay.

    >>> mask_cards("la carta 4111 1111 1111 1111, cvv 123")
    'la carta •••• •••• •••• 1111, cvv •••'
    """
    text = _CARD.sub(lambda found: _mask(found[0]) if _luhn(found[0]) else found[0], text)
    return _CODE.sub(lambda found: found[1] + found[2] + MASK * len(found[3]), text)


def _mask(number: str) -> str:
    head, tail = number[:-4], number[-4:]
    return re.sub(r"\d", MASK, head) + (tail if tail.isdigit() else re.sub(r"\d", MASK, tail))


def _luhn(number: str) -> bool:
    digits = [int(sign) for sign in number if sign.isdigit()][::-1]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]
    return len(set(digits)) > 1 and (sum(digits[::2]) + sum(doubled)) % 10 == 0
