"""For all channels."""
import logging
from collections.abc import Iterator

import pytest
import structlog

from tests.channels.fuzzing import register

register()


@pytest.fixture(autouse=True)
def quiet(request: pytest.FixtureRequest) -> Iterator[None]:
    """A line in the log for each of 100,000 inputs takes longer than reading them."""
    if request.node.get_closest_marker("fuzz") is None:
        yield
        return
    before = structlog.get_config()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    yield
    structlog.configure(**before)
