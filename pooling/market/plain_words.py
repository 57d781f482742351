"""Values as plain JSON and back: what was decided on is kept whole, and made again by its types alone."""

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from functools import cache
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")

Json = Any
"""What JSON holds, or the type that it stands for."""


def plain(value: object) -> Json:
    """Return a value as JSON can write it: a dataclass by the names of its fields, a set in order."""
    if isinstance(value, Enum):
        return value.value
    if value is None or isinstance(value, (str, bool, int, float)):
        return value
    if isinstance(value, date):
        return value.isoformat()
    if is_dataclass(value):
        return {one.name: plain(getattr(value, one.name)) for one in fields(value)}
    if isinstance(value, Mapping):
        return {str(name): plain(one) for name, one in value.items()}
    if isinstance(value, (set, frozenset)):
        return sorted(plain(one) for one in value)
    if isinstance(value, (tuple, list)):
        return [plain(one) for one in value]
    raise TypeError(f"{type(value).__name__} has no plain words.")


def made(kind: type[T], words: Mapping[str, Any]) -> T:
    """Make a dataclass again from its plain words, by the types of its fields; it refuses nonsense itself."""
    return kind(**parts_made(kind, words))


def parts_made(kind: type, words: Mapping[str, Any]) -> dict[str, Any]:
    """Make the fields of a dataclass that stand in the words."""
    types_of = _types(kind)
    return {name: _value(types_of[name], one) for name, one in words.items()}


@cache
def _types(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _value(kind: Json, words: Json) -> Json:
    if isinstance(kind, type) and is_dataclass(kind):
        return made(kind, words)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(words)
    if kind is date:
        return date.fromisoformat(words)
    origin: Any = get_origin(kind)
    parts = get_args(kind)
    if origin in (Union, types.UnionType):
        (other,) = (one for one in parts if one is not type(None))
        return None if words is None else _value(other, words)
    if origin is tuple:
        of_each = parts[:1] * len(words) if parts[-1] is Ellipsis else parts
        return tuple(_value(one, word) for one, word in zip(of_each, words, strict=True))
    if origin is frozenset:
        return frozenset(_value(parts[0], one) for one in words)
    if origin is not None and origin is not Literal and issubclass(origin, Mapping):
        return {name: _value(parts[1], one) for name, one in words.items()}
    return words
