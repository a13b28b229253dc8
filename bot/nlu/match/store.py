"""Plain files for fitted things: numpy arrays and JSON, nothing that runs code when it is read."""
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]


def write_arrays(file: Path, arrays: Mapping[str, Array]) -> None:
    """A compressed archive; the model archive holds it a second time otherwise."""
    with file.open("wb") as out:
        np.savez_compressed(out, **dict(arrays))


def read_arrays(file: Path) -> dict[str, Array]:
    with np.load(file, allow_pickle=False) as archive:
        return {name: archive[name] for name in archive.files}


def write_json(file: Path, value: Any) -> None:
    file.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")


def read_json(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))
