"""How inputs and decisions become plain JSON values and come back: one tag, one version, no surprises.

A journal outlives the code that wrote it. Every record therefore carries the version of the vocabulary it was
written in; a record of another version is refused with its reason, never misread.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from types import NoneType, UnionType
from typing import Any, Self, TypeVar, Union, dataclass_transform, get_args, get_origin, get_type_hints

VERSION = 2

Record = TypeVar("Record")
_FRAME = frozenset(("kind", "v"))
_PLAIN = frozenset((int, str, float, bool, NoneType))
_BY_KIND: dict[str, type[Any]] = {}
_DECODERS: dict[type[Any], dict[str, Callable[[Any], Any]]] = {}


@dataclass_transform(frozen_default=True)
def word(cls: type[Record]) -> type[Record]:
    """A dataclass that nobody changes. Type checkers see to that: frozen at run time, it takes eight times as long to make."""
    return dataclass(slots=True, unsafe_hash=True)(cls)


class UnreadableRecord(ValueError):
    """A record of a journal that this version of the vocabulary cannot read."""


class Word:
    """What every input and decision is: a dataclass that becomes a record under its own name, and comes back."""

    __slots__ = ()

    def __init_subclass__(cls) -> None:
        _BY_KIND[cls.__name__] = cls

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values: `kind`, `v` (version of the vocabulary) and the fields."""
        record: dict[str, Any] = {"kind": type(self).__name__, "v": VERSION}
        record.update(_fields_of(self))
        return record

    @classmethod
    def from_dict(cls, record: Mapping[str, Any]) -> Self:
        """The word again. Raises UnreadableRecord."""
        if record.get("kind") != cls.__name__:
            raise UnreadableRecord(f"A {cls.__name__} was expected, the record tells {record.get('kind')!r}.")
        if record.get("v") != VERSION:
            raise UnreadableRecord(
                f"{cls.__name__} was written in version {record.get('v')!r} of the vocabulary; "
                f"this program reads {VERSION}."
            )
        return build(cls, record)


def read(record: Mapping[str, Any]) -> Any:
    """The input or decision a record tells, whatever its kind. Raises UnreadableRecord."""
    kind = record.get("kind")
    cls = _BY_KIND.get(kind) if isinstance(kind, str) else None
    if cls is None:
        raise UnreadableRecord(f"No word of the routing vocabulary is called {kind!r}.")
    return cls.from_dict(record)


def plain(value: Any) -> Any:
    """A value made of dataclasses, tuples and dicts as plain JSON values."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is tuple or kind is list:
        return [item if type(item) in _PLAIN else plain(item) for item in value]
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if is_dataclass(value):
        return _fields_of(value)
    if isinstance(value, (str, int, float)):
        return value
    raise TypeError(f"{kind.__name__} has no plain form in a journal.")


def _fields_of(value: Any) -> dict[str, Any]:
    found = {}
    for name in _decoders_of(type(value)):
        item = getattr(value, name)
        found[name] = item if type(item) in _PLAIN else plain(item)
    return found


def build(cls: type[Record], values: Mapping[str, Any]) -> Record:
    """A dataclass from its plain values. Raises UnreadableRecord when a field is missing, unknown or misshapen."""
    decoders, found = _decoders_of(cls), {}
    try:
        for name, value in values.items():
            if name in decoders:
                found[name] = decoders[name](value)
            elif name not in _FRAME:
                raise UnreadableRecord(f"{cls.__name__} has no field {name}.")
        return cls(**found)
    except UnreadableRecord:
        raise
    except (TypeError, ValueError, AttributeError) as error:
        raise UnreadableRecord(f"{cls.__name__} cannot be read: {error}") from error


def _decoders_of(cls: type[Any]) -> dict[str, Callable[[Any], Any]]:
    decoders = _DECODERS.get(cls)
    if decoders is None:
        hints = get_type_hints(cls)
        decoders = {field.name: _decoder(hints[field.name]) for field in fields(cls) if field.init}
        _DECODERS[cls] = decoders
    return decoders


def _decoder(hint: Any) -> Callable[[Any], Any]:
    origin, inner = get_origin(hint), get_args(hint)
    if origin in (Union, UnionType):
        some = _decoder(next(item for item in inner if item is not NoneType))
        return lambda value: None if value is None else some(value)
    if origin is tuple:
        if len(inner) == 2 and inner[1] is Ellipsis:
            each = _decoder(inner[0])
            return lambda value: tuple(each(item) for item in value)
        parts = [_decoder(item) for item in inner]
        return lambda value: tuple(part(item) for part, item in zip(parts, value, strict=True))
    if origin is dict or origin is Mapping:
        each = _decoder(inner[1])
        return lambda value: {key: each(item) for key, item in value.items()}
    if is_dataclass(hint) and isinstance(hint, type):
        return lambda value: build(hint, value)
    if hint in (int, float, str, bool):
        return _checked(hint)
    raise TypeError(f"The vocabulary does not know how to read {hint!r}.")


def _checked(kind: type[Any]) -> Callable[[Any], Any]:
    accepted: tuple[type[Any], ...] = (int, float) if kind is float else (kind,)

    def check(value: Any) -> Any:
        if type(value) is kind:
            return value
        if not isinstance(value, accepted) or (isinstance(value, bool) and kind is not bool):
            raise UnreadableRecord(f"{value!r} is not of type {kind.__name__}")
        return value

    return check
