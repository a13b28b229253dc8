"""One rule for what providers send: what is odd in an optional part costs that part, never the message.

A field that has a default is optional. A part of it that does not fit is left out: the field then has its default, an
odd item of a list is missing. Only where a field without a default does not fit, all that holds it does not.
"""
import types
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TypeVar, Union, cast, get_args, get_origin

import msgspec
from msgspec import Struct, ValidationError
from msgspec.structs import fields

T = TypeVar("T")
_Read = Callable[[Any], Any]


class _Field(NamedTuple):
    name: str
    encoded: str
    read: _Read
    is_required: bool


def lenient(value: Any, kind: type[T]) -> T:
    """A decoded value as ``kind``.

    Raises:
        ValidationError: a required part does not fit.
    """
    reader: _Read = _reader(cast(Any, kind))
    return cast(T, reader(value))


@lru_cache(maxsize=512)
def _reader(kind: Any) -> _Read:
    if kind is Any or kind is object:
        return lambda value: value
    origin, inner = get_origin(kind), get_args(kind)
    if origin in (Union, types.UnionType):
        return _one_of([_reader(one) for one in inner if one is not type(None)], type(None) in inner)
    if origin in (tuple, list):
        return _items(inner[0], origin)
    if isinstance(kind, type) and issubclass(kind, Struct):
        return _struct(kind)
    return lambda value: _plain(value, kind)


def _struct(kind: type[Struct]) -> _Read:
    known: list[_Field] = []

    def read(value: Any) -> Any:
        if not isinstance(value, dict):
            raise ValidationError(f"Expected `object`, got `{type(value).__name__}`")
        if not known:  # found at the first use: a part may hold another of its own kind
            known.extend(
                _Field(one.name, one.encode_name, _reader(one.type), one.required) for one in fields(kind)
            )
        found = {}
        for field in known:
            if field.encoded not in value:
                if field.is_required:
                    raise ValidationError(f"Object missing required field `{field.encoded}`")
                continue
            try:
                found[field.name] = field.read(value[field.encoded])
            except ValidationError as error:
                if field.is_required:
                    raise ValidationError(f"{error} - at `{field.encoded}`") from None
        return kind(**found)

    return read


def _items(inner: Any, made: Callable[[list[Any]], Any]) -> _Read:
    read = _reader(inner)

    def items(value: Any) -> Any:
        if not isinstance(value, list):
            raise ValidationError(f"Expected `array`, got `{type(value).__name__}`")
        found = []
        for one in value:
            try:
                found.append(read(one))
            except ValidationError:
                continue
        return made(found)

    return items


def _one_of(readers: Sequence[_Read], may_be_none: bool) -> _Read:
    def one_of(value: Any) -> Any:
        if value is None and may_be_none:
            return None
        told: ValidationError = ValidationError("it fits nothing")
        for read in readers:
            try:
                return read(value)
            except ValidationError as error:
                told = error
        raise told

    return one_of


def _plain(value: Any, kind: Any) -> Any:
    """A text, number or mark; an id that came as a number is the same id."""
    if kind is str and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if kind is float and isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            raise ValidationError("Expected `float`, got `str`") from None
    return msgspec.convert(value, kind)
