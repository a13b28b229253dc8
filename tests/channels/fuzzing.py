"""How many inputs the parsers of the channels are given: some with all the other tests, 100,000 each by `make fuzz`."""
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

#: `pytest -m fuzz --hypothesis-profile=full`
PROFILE = "full"
FULL = 100_000

Test = Callable[..., Any]


def register() -> None:
    """Make the profile known to Hypothesis; before pytest reads its options."""
    settings.register_profile(
        PROFILE, max_examples=FULL, deadline=None, database=None, suppress_health_check=list(HealthCheck),
        print_blob=True,
    )


def examples(everyday: int) -> int:
    """How many, where ``everyday`` is for a run with all the other tests."""
    return max(everyday, settings.default.max_examples)  # type: ignore[attr-defined]


def fuzz(everyday: int) -> Callable[[Test], Test]:
    """``everyday``: examples where the profile asks for no more. Stands above ``given``."""

    def marked(test: Test) -> Test:
        return pytest.mark.fuzz(settings(max_examples=examples(everyday), deadline=None)(test))

    return marked
