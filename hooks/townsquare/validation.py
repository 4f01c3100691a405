"""Front matter → a kind's record, or problems at the exact places.

The only module that knows pydantic, which takes 60 ms to import: where every value is plainly
right, nobody asks it.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from townsquare import rebuilding
from townsquare.fields import Doc, Loc, Shape, normalised, shapes
from townsquare.model import Finding, Kind
from townsquare.problems import Place, Problem, did_you_mean, problem
from townsquare.source import Source

if TYPE_CHECKING:
    from pydantic import TypeAdapter

    from townsquare.settings import Settings

T = TypeVar("T")


def validate(
    cls: type[T], source: Source, front: dict[str, Any] | None = None, at: Loc = ()
) -> tuple[T | None, list[Problem]]:
    """The record that the front matter describes, or every fault that it has.

    `front` are other values than the file's own; `at` is where they stand in it.
    """
    values = source.front if front is None else front
    full = normalised(cls, values, source.follow, at)
    record = rebuilding.accepted(cls, full)
    return (record, []) if record is not None else _judged(cls, source, full, at)


def _judged(cls: type[T], source: Source, full: Any, at: Loc) -> tuple[T | None, list[Problem]]:
    from pydantic import ValidationError

    try:
        return _adapter(cls).validate_python(full), []
    except ValidationError as error:
        faults = error.errors(include_url=False)
        return None, [_problem(cls, source, each, at) for each in faults]


def findings(kind: Kind[Any], fields: Any, source: Source, settings: Settings) -> list[Problem]:
    """The faults that an entry has by itself, once its fields are typed."""
    return [_placed(source, found) for found in kind.check(fields, settings)]


@cache
def _adapter(cls: type[T]) -> TypeAdapter[T]:
    from pydantic import TypeAdapter

    return TypeAdapter(cls)


def _placed(source: Source, found: Finding) -> Problem:
    """At the value's own text; at the field's name where the value is a list or fields."""
    inner = any(loc[:-1] == found.loc for loc in source.places if loc)
    place = source.key(found.loc) if inner else source.place(found.loc)
    return problem(found.code, place, found.message, found.hint)


def _problem(cls: type[Any], source: Source, error: Any, at: Loc) -> Problem:
    inner: Loc = tuple(_written(part) for part in error["loc"])
    if error["type"] == "unexpected_keyword_argument":
        return _unknown(cls, source, inner, at)
    if error["type"] == "missing":
        return _missing(cls, source, inner, at)
    from townsquare import wording

    code, message, hint = wording.pydantic_fault(error, _shape_at(cls, inner))
    return problem(code, source.place((*at, *inner)), message, hint)


def _written(part: str | int) -> str | int:
    return part.removesuffix("_") if isinstance(part, str) else part


def _unknown(cls: type[Any], source: Source, inner: Loc, at: Loc) -> Problem:
    loc = (*at, *inner)
    name, around = str(loc[-1]), _record_at(cls, inner[:-1])
    known = [k for k in (shapes(around) if around else {}) if (*loc[:-1], k) not in source.keys]
    hint = did_you_mean(name, known) or f"the fields are: {', '.join(known)}"
    return problem("field_unknown", source.key(loc), f"no field is called `{name}`", hint.strip())


def _missing(cls: type[Any], source: Source, inner: Loc, at: Loc) -> Problem:
    around = (*at, *inner[:-1])
    place = source.place(around) if around else Place(source.path, 1, 1, 3)
    name, shape = inner[-1], _shape_at(cls, inner)
    doc = shape.note(Doc) if shape else None
    hint = f"add `{name}: {(doc and doc.example) or '…'}`"
    return problem("field_missing", place, f"the field `{name}` is missing", hint)


def _shape_at(cls: type[Any] | None, loc: Loc) -> Shape | None:
    shape: Shape | None = None
    for part in loc:
        if cls is not None and isinstance(part, str) and part in shapes(cls):
            shape = shapes(cls)[part]
            cls = shape.record
    return shape


def _record_at(cls: type[Any], loc: Loc) -> type[Any] | None:
    if not loc:
        return cls
    shape = _shape_at(cls, loc)
    return shape.record if shape else None
