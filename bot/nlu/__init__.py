"""Understanding: from a shopper's text to a calibrated reading. The only room that knows spaCy and lingua."""
import sys

# spaCy's thinc imports torch wherever it is installed, only to look for a graphics card: four seconds and 200 MB that
# serving does not need. It is told that there is none; who exports an encoder imports torch later as ever.
if "torch" not in sys.modules:
    sys.modules["torch"] = None  # type: ignore[assignment]
    try:
        import thinc.compat  # noqa: F401
    finally:
        del sys.modules["torch"]
