"""Front matter without a fault → a kind's record, by the declaration alone.

This accepts what it is sure of and says nothing of the rest: whatever it does not accept goes to
`validation`, which knows pydantic and finds every fault at its place.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar, cast

from townsquare.fields import Doc, Parsed, Reference, Shape, normalised, shapes

T = TypeVar("T")
Make = Callable[[Any], Any]


class _Doubt(ValueError):
    """A value of which only validation can tell."""


def accepted(cls: type[T], full: Any) -> T | None:
    """The record that these values make, shorthand written out, or nothing where one is in doubt.

    What is accepted is what pydantic makes of the same values; a test holds the two together.
    """
    try:
        return _record(cls)(full)
    except (ValueError, TypeError, KeyError):
        return None


def rebuilt(cls: type[T], front: dict[str, Any]) -> T:
    """The record that was once made of these values."""
    return _record(cls)(normalised(cls, front, _nobody))


def _nobody(_old: object, _new: object) -> None:
    """Nothing follows the places of values that have no faults."""


@cache
def _record(cls: type[Any]) -> Make:
    makers = {shape.attribute: maker(shape) for shape in shapes(cls).values()}

    def make(value: Any) -> Any:
        return cls(**{name: makers[name](each) for name, each in _dict(value).items()})

    return make


def maker(shape: Shape) -> Make:
    """What makes the field's value of what was typed, shorthand written out."""
    one = _one(shape)
    if shape.is_list:
        return lambda values: tuple([one(each) for each in _list(values)])
    if shape.is_map:
        return lambda values: {key: one(each) for key, each in _dict(values).items()}
    return one


def _one(shape: Shape) -> Make:
    if not all(isinstance(note, Doc | Parsed | Reference) for note in shape.notes):
        return _doubtful
    if parsed := shape.note(Parsed):
        parse = parsed.parse
        return lambda value: parse(_text(value))
    if shape.record:
        # Asked for when it is needed: records may hold each other.
        return lambda value: _record(shape.type)(value)
    choices = shape.choices
    return (lambda value: value if value in choices else _doubtful(value)) if choices else _doubtful


def _text(value: Any) -> str:
    return value if isinstance(value, str) else _doubtful(value)


def _list(value: Any) -> list[Any]:
    return cast("list[Any]", value) if isinstance(value, list) else _doubtful(value)


def _dict(value: Any) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else _doubtful(value)


def _doubtful(value: Any) -> Any:
    raise _Doubt(value)
