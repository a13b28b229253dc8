"""A line of Instagram for its tests."""
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.channels.messenger.line import Line, opened_line


@pytest.fixture
async def line(tmp_path: Path) -> AsyncIterator[Line]:
    async with opened_line(tmp_path, "instagram") as made:
        yield made
