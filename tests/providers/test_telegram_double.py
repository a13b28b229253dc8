"""The double takes no more and no less than Telegram: judged by the Bot API description in aiogram's source archive.

Set AIOGRAM_SDIST to the archive (`pip download --no-deps --no-binary :all: aiogram`).
"""
import json
import os
import tarfile
from pathlib import Path

import pytest

from tests.providers.telegram import METHODS

SDIST = Path(os.environ.get("AIOGRAM_SDIST", "nowhere"))


@pytest.mark.skipif(not SDIST.is_file(), reason="AIOGRAM_SDIST names no archive")
@pytest.mark.parametrize("name", METHODS)
def test_a_method_has_the_parameters_of_the_bot_api(name: str) -> None:
    with tarfile.open(SDIST) as archive:
        entity = next(one for one in archive.getmembers() if one.name.endswith(f".butcher/methods/{name}/entity.json"))
        file = archive.extractfile(entity)
        assert file is not None
        parameters = json.load(file)["object"]["annotations"]
    required = {one["name"] for one in parameters if one["required"]}
    assert required == METHODS[name].required
    assert METHODS[name].fields <= {one["name"] for one in parameters}
