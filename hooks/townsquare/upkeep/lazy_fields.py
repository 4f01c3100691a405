"""Fields of an entry that are typed one by one, when they are asked for, and note who asks.

What is asked of many entries at once (when they are shown, their tags, who made them) is noted
apart from the rest, so that an edit of one field is no change to those who read another.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from functools import cache
from typing import Any

from townsquare.fields import Shape, normalised, shapes
from townsquare.reads import note
from townsquare.rebuilding import maker

REST = "front"
LEAVES = {
    "title": "title",
    **dict.fromkeys(("date", "publish", "expires", "draft", "listed"), "when"),
    "tags": "tags",
    "sponsored": "sponsored",
    **dict.fromkeys(("authors", "speakers", "organisers"), "people"),
    **dict.fromkeys(("series", "event", "format", "pinned"), "groups"),
    "aliases": "aliases",
    "media": "media",
}
"""The leaf by which each field is noted; the others have one in common."""

OFTEN = frozenset(("when", "people", "groups", "aliases", "media"))
"""The leaves that are read of every entry whenever one is added: they are at hand."""

NAMES = (*dict.fromkeys(LEAVES.values()), REST)


def of(
    cls: type[Any],
    path: str,
    often: Mapping[str, Any],
    front: Callable[[], Mapping[str, Any]],
    typed: Mapping[str, Any],
) -> Any:
    """The record that `rebuilt` makes of the front matter, typed field by field.

    `often` are the front matter's values of `OFTEN`, for which it need not be read. `typed` are the
    values that are known already, by their attributes.
    """
    made = object.__new__(_lazy(cls))
    made.__dict__.update(_path=path, _often=often, _front=front, _typed=dict(typed))
    return made


def grouped(front: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The values of a front matter by the leaf that they belong to."""
    found: dict[str, dict[str, Any]] = {name: {} for name in NAMES}
    for name, value in front.items():
        found[LEAVES.get(name, REST)][name] = value
    return found


def often(front: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a front matter that are kept at hand."""
    return {name: value for name, value in front.items() if LEAVES.get(name) in OFTEN}


class _Typed:
    """One field of a record whose values are typed when they are read."""

    def __init__(self, cls: type[Any], shape: Shape, written: str):
        declared = next(each for each in fields(cls) if each.name == shape.attribute)
        self._cls = cls
        self._attribute = shape.attribute
        self._written = written
        self._leaf = f"{LEAVES.get(written, REST)}:"
        self._is_at_hand = LEAVES.get(written) in OFTEN
        self._make = maker(shape)
        self._has_shorthand = shape.is_list or shape.record is not None
        self._default = declared.default
        self._factory = declared.default_factory

    def __get__(self, record: Any, _owner: type[Any]) -> Any:
        held = record.__dict__
        note(self._leaf + held["_path"])
        typed = held["_typed"]
        if self._attribute not in typed:
            front = held["_often"] if self._is_at_hand else held["_front"]()
            typed[self._attribute] = self._value(front)
        return typed[self._attribute]

    def __set__(self, record: Any, value: Any) -> None:
        raise AttributeError(self._attribute)

    def _value(self, front: Mapping[str, Any]) -> Any:
        if self._written not in front:
            return self._default if self._factory is MISSING else self._factory()
        value = front[self._written]
        if self._has_shorthand:
            value = normalised(self._cls, {self._written: value}, _nobody)[self._attribute]
        return self._make(value)


def _nobody(_old: object, _new: object) -> None:
    """Nothing follows the places of values that have no faults."""


@cache
def _lazy(cls: type[Any]) -> type[Any]:
    typed = {shape.attribute: _Typed(cls, shape, name) for name, shape in shapes(cls).items()}
    return type(cls.__name__, (cls,), {"__module__": cls.__module__, **typed})
