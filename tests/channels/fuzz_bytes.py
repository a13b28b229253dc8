"""One parser under atheris, which looks for bytes that lead where none led before. No test: it has to be installed.

    pip install atheris && python -m tests.channels.fuzz_bytes telegram -runs=100000
"""
import logging
import sys
import tempfile
from pathlib import Path

import structlog


def main() -> None:
    import atheris

    with atheris.instrument_imports(include=["bot", "email"]):
        from tests.channels.parsers import PARSERS, survives

    if len(sys.argv) < 2 or sys.argv[1] not in PARSERS:
        raise SystemExit(f"Name a parser: {', '.join(PARSERS)}; then libFuzzer's options, like -runs=100000.")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    parser = PARSERS[sys.argv[1]]

    def one(raw: bytes) -> None:
        survives(parser, raw)

    with tempfile.TemporaryDirectory() as corpus:
        for number, good in enumerate(parser.good):
            (Path(corpus) / str(number)).write_bytes(good)
        atheris.Setup([sys.argv[0], *sys.argv[2:], corpus], one)
        atheris.Fuzz()


if __name__ == "__main__":
    main()
