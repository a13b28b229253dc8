"""YAML that an owner or editor wrote, read so that every mistake is told with its file and line.

Scalars stay the text that was written until the type asked for says what they are: YAML's own guesses would read
``province: NO`` as false and ``09:30`` as 570.
"""
import difflib
import re
from collections.abc import Iterable, Iterator
from datetime import date
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec
import yaml

from bot.model.errors import SettingError

T = TypeVar("T")
Path = tuple[str | int, ...]

_WORDS: dict[object, str] = {
    str: "text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
    date: "a date like 2026-12-24",
}
_YAML_HINT = (
    "Check the indentation (spaces, no tabs) and the colon after each key; put text that holds ': ' or ' #' in quotes."
)
_LOST = re.compile(r"\s+(#[^\s#]\S*)")


def suggestion(met: str, allowed: Iterable[str]) -> str:
    """' Did you mean 'x'?' for the nearest allowed word, '' where none is near."""
    near = difflib.get_close_matches(met, list(allowed), n=1, cutoff=0.6)
    return f" Did you mean '{near[0]}'?" if near else ""


def listed(words: Iterable[str]) -> str:
    return ", ".join(words) or "none"


class Document:
    """One YAML text.

    Args:
        file: path as the shop knows it.
        first_line: the file's line on which ``text`` begins, for a block inside a larger file.

    Raises:
        SettingError: the text is no YAML, or a key stands twice.
    """

    def __init__(self, text: str, *, file: str, first_line: int = 1) -> None:
        self.file = file
        self._first_line = first_line
        self._text = text.splitlines()
        self._lines: dict[Path, int] = {(): first_line}
        try:
            node = yaml.compose(text, Loader=yaml.CBaseLoader)
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark or error.context_mark
            raise self._not_yaml(error.problem or str(error), mark.line if mark else 0) from None
        except yaml.reader.ReaderError as error:
            line = text[: error.position].count("\n")
            raise self._not_yaml(f"a control character (#x{ord(text[error.position]):04x})", line) from None
        self.value: Any = {} if node is None else self._plain(node, ())

    def line(self, path: Path) -> int:
        """The line of a key; of its nearest parent where the key itself is missing."""
        while path not in self._lines:
            path = path[:-1]
        return self._lines[path]

    def error(self, path: Path, message: str) -> SettingError:
        return SettingError(message, file=self.file, line=self.line(path))

    def decode(self, kind: type[T]) -> T:
        """The document as a Struct.

        Raises:
            SettingError: an unknown or missing key, or a value that the type does not take.
        """
        if not isinstance(self.value, dict):
            raise self.error((), f"{_met(self.value)} stands where 'key: value' lines are expected.")
        self._check(self.value, kind, ())
        return msgspec.convert(self.value, kind, strict=False)

    def _not_yaml(self, problem: str, line: int) -> SettingError:
        # What never ends is met behind the last line.
        line = self._first_line + min(line, max(len(self._text) - 1, 0))
        return SettingError(f"this is no YAML: {problem}. {_YAML_HINT}", file=self.file, line=line)

    def _plain(self, node: yaml.Node, path: Path) -> Any:
        if isinstance(node, yaml.SequenceNode):
            return [self._placed(child, (*path, index)) for index, child in enumerate(node.value)]
        if not isinstance(node, yaml.MappingNode):
            self._refuse_lost_text(node)
            return node.value
        values: dict[str, Any] = {}
        for key_node, child in node.value:
            here = (*path, str(key_node.value))
            line = self._first_line + key_node.start_mark.line
            if here in self._lines:
                first = self._lines[here]
                raise SettingError(
                    f"'{here[-1]}' already stands on line {first}. Keep one of the two.", file=self.file, line=line
                )
            self._lines[here] = line
            self._refuse_lost_text(child)
            # 'key:' with nothing behind it is a setting left to its default.
            if isinstance(child, yaml.ScalarNode) and not child.style and child.value in ("", "~", "null"):
                continue
            values[str(key_node.value)] = self._plain(child, here)
        return values

    def _refuse_lost_text(self, node: yaml.Node) -> None:
        """``accent: #b3261e`` and ``it: order #1004`` lose to YAML's comments what their writer meant to say."""
        if not isinstance(node, yaml.ScalarNode) or node.style or node.end_mark.line >= len(self._text):
            return
        lost = _LOST.match(self._text[node.end_mark.line], node.end_mark.column)
        if lost is not None:
            raise SettingError(
                f"'{lost[1]}' and what follows would be lost as a comment. Put the whole text in quotes; "
                "a comment has a space after its #.",
                file=self.file,
                line=self._first_line + node.end_mark.line,
            )

    def _placed(self, node: yaml.Node, path: Path) -> Any:
        self._lines[path] = self._first_line + node.start_mark.line
        return self._plain(node, path)

    def _check(self, value: Any, kind: Any, path: Path) -> None:
        bare, origin = _bare(kind), get_origin(_bare(kind))
        if isinstance(bare, type) and issubclass(bare, msgspec.Struct):
            self._check_group(value, bare, path)
        elif origin is tuple:
            if not isinstance(value, list):
                raise self.error(path, f"'{_name(path)}' is {_met(value)}: a list is expected, like [a, b].")
            for index, item in enumerate(value):
                self._check(item, get_args(bare)[0], (*path, index))
        elif origin is dict:
            if not isinstance(value, dict):
                raise self.error(path, f"'{_name(path)}' is {_met(value)}: 'key: value' lines are expected.")
            for key, item in value.items():
                self._check(item, get_args(bare)[1], (*path, key))
        else:
            self._check_leaf(value, kind, path)

    def _check_group(self, value: Any, kind: type[msgspec.Struct], path: Path) -> None:
        if not isinstance(value, dict):
            raise self.error(path, f"'{_name(path)}' is {_met(value)}: 'key: value' lines are expected.")
        known = {name: (hint, required) for name, hint, required in keys_of(kind)}
        for key in value:
            if key not in known:
                near = suggestion(key, known)
                raise self.error((*path, key), f"unknown key '{key}'.{near} Allowed here: {listed(known)}.")
        for key, (hint, required) in known.items():
            if key in value:
                self._check(value[key], hint, (*path, key))
            elif required:
                raise self.error((*path, key), f"'{_name((*path, key))}' is missing. Write it: {meaning(hint)}")

    def _check_leaf(self, value: Any, kind: Any, path: Path) -> None:
        bare = _bare(kind)
        if get_origin(bare) is Literal:
            if value not in get_args(bare):
                near = suggestion(str(value), get_args(bare))
                allowed = listed(get_args(bare))
                raise self.error(path, f"'{_name(path)}' is {_met(value)}.{near} Allowed: {allowed}.")
            return
        try:
            msgspec.convert(value, kind, strict=False)
        except msgspec.ValidationError:
            expected = _WORDS[bare] + _range(kind)
            raise self.error(path, f"'{_name(path)}' is {_met(value)}: {expected} is expected.") from None


def keys_of(kind: type[msgspec.Struct]) -> Iterator[tuple[str, Any, bool]]:
    """(key as the file writes it, type with its annotations, whether it must be there) of each field."""
    hints = get_type_hints(kind, include_extras=True)
    for field in msgspec.structs.fields(kind):
        yield field.encode_name, hints[field.name], field.required


def meaning(kind: Any) -> str:
    """What a field's annotation says it means; '' where it says nothing."""
    return next((meta.description or "" for meta in _metas(kind)), "")


def _metas(kind: Any) -> list[msgspec.Meta]:
    if get_origin(kind) is not Annotated:
        return []
    return [meta for meta in get_args(kind)[1:] if isinstance(meta, msgspec.Meta)]


def _bare(kind: Any) -> Any:
    """The type without its annotations and without ``| None``."""
    if get_origin(kind) is Annotated:
        kind = get_args(kind)[0]
    if get_origin(kind) in (Union, UnionType):
        kind = next(option for option in get_args(kind) if option is not NoneType)
    return kind


def _range(kind: Any) -> str:
    for meta in _metas(kind):
        if meta.ge is not None and meta.le is not None:
            return f" from {meta.ge} to {meta.le}"
    return ""


def _met(value: Any) -> str:
    if isinstance(value, list):
        return "a list"
    return "a group of keys" if isinstance(value, dict) else f"'{value}'"


def _name(path: Path) -> str:
    return ".".join(str(step) for step in path if isinstance(step, str))
