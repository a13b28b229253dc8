"""The one file that a shop's page loads: the widget's sources and its style joined, compressed once at start."""
import gzip
import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path

SOURCES = ("texts", "storage", "markdown", "dom", "photo", "connection", "outbox", "timeline", "panel", "widget")
FOLDER = Path(__file__).parent / "static"

_STRING = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")
_SPACED = re.compile(r"\s*([=<>?:,;{}()\[\]&|!])\s*")


@dataclass(frozen=True, slots=True)
class Script:
    plain: bytes
    gzipped: bytes
    etag: str


def load_script(folder: Path = FOLDER) -> Script:
    """Read the sources in their order. Each sees the names of those before it; none leaves a name on the page."""
    style = _thin_css((folder / "widget.css").read_text("utf-8"))
    sources = "\n".join(_thin_js((folder / f"{name}.js").read_text("utf-8")) for name in SOURCES)
    plain = f'(()=>{{"use strict";\nconst STYLE={json.dumps(style)};\n{sources}\n}})();\n'.encode()
    etag = f'"{hashlib.sha256(plain).hexdigest()[:16]}"'
    return Script(plain, gzip.compress(plain, 9, mtime=0), etag)


def _thin_js(source: str) -> str:
    """Without comments, blank lines and needless spaces. No source has a string over several lines."""
    lines = (line.strip() for line in source.splitlines())
    return "\n".join(_thin_line(line) for line in lines if line and not line.startswith(("//", "/*", "* ", "*/")))


def _thin_line(line: str) -> str:
    # A slash may begin a pattern and a backtick a template: such a line stays as it is.
    if "/" in line or "`" in line:
        return line
    parts = _STRING.split(line)
    parts[::2] = [_SPACED.sub(r"\1", part) for part in parts[::2]]
    return "".join(parts)


def _thin_css(source: str) -> str:
    without_comments = re.sub(r"/\*.*?\*/", "", source, flags=re.DOTALL)
    # A space before a colon can begin a selector, one after it never means anything.
    return re.sub(r"\s*([{};,])\s*|(:)\s", r"\1\2", re.sub(r"\s+", " ", without_comments)).strip()
