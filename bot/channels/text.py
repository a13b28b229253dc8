"""What people type, made safe to store."""
import unicodedata


def clean(text: str) -> str:
    """``text`` without control characters and half emojis, line breaks as '\\n', blank ends cut.

    '' where nothing of it is visible.
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    kept = (char for char in lines if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cs"))
    stripped = "".join(kept).strip()
    return stripped if any(unicodedata.category(char) != "Cf" for char in stripped) else ""
