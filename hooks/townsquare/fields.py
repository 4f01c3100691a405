"""The words in which a kind's fields are declared, and walks over a declaration.

A kind is a frozen dataclass made by `@record`. Its annotations carry all that is known of a field:
what it means (`Doc`), how its text becomes a value (`Parsed`), what it refers to (`Reference`).
Validation, schemas, `new` and the reference page read the same declaration. Nothing here imports
pydantic, so that an unchanged entry is rebuilt without it.
"""

from __future__ import annotations

import types
from collections.abc import Callable
from dataclasses import MISSING, Field, field, fields, is_dataclass
from functools import cache
from typing import (
    Annotated,
    Any,
    ClassVar,
    Literal,
    NamedTuple,
    TypeVar,
    Union,
    cast,
    dataclass_transform,
    get_args,
    get_origin,
    get_type_hints,
)

from townsquare.values import named

T = TypeVar("T")
N = TypeVar("N")

Loc = tuple[str | int, ...]
"""Where a value stands in front matter: `("speakers", 1)`, the same key in positions and errors."""


class Doc(NamedTuple):
    """What a field means, in one sentence, with a value to show."""

    text: str
    example: str = ""


class Reference(NamedTuple):
    """The text is the id of an entry of this kind."""

    kind: str


class Parsed:
    """The text becomes a value by `parse`, which raises `problems.Fault` for what it refuses."""

    __slots__ = ("format", "parse")

    def __init__(self, parse: Callable[[str], Any], *, format: str = "") -> None:
        self.parse = parse
        self.format = format

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> dict[str, Any]:
        """What pydantic asks: a value that is text, then what `parse` makes of it.

        A core schema is plain data, so that nothing need be imported to write one.
        """
        after = {"type": "no-info", "function": self.parse}
        return {"type": "function-after", "function": after, "schema": {"type": "str"}}


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def record(cls: type[T]) -> type[T]:
    """A frozen dataclass of named fields that refuses unknown ones."""
    made = named(cls)
    # Read by pydantic, declared by nobody.
    made.__pydantic_config__ = {"extra": "forbid"}  # type: ignore[attr-defined]
    return made


class Shape(NamedTuple):
    """One field as declared: its type without `Optional` and `Annotated`, and what annotates it."""

    name: str
    attribute: str
    type: Any
    required: bool
    is_list: bool
    is_map: bool
    notes: tuple[Any, ...]

    def note(self, of: type[N]) -> N | None:
        """The field's own annotation of this type, the outermost first."""
        return next((n for n in self.notes if isinstance(n, of)), None)

    @property
    def record(self) -> type[Any] | None:
        """The record that the value, or each item, is made of."""
        return self.type if is_dataclass(self.type) and isinstance(self.type, type) else None

    @property
    def choices(self) -> tuple[str, ...]:
        """The few words that the field takes, where it is such a field."""
        return get_args(self.type) if get_origin(self.type) is Literal else ()


@cache
def shapes(cls: type[Any]) -> dict[str, Shape]:
    """The fields of a record by the name that authors write, in declared order."""
    hints = _hints(cls)
    return {
        _name_written(f.name): _shape(f.name, hints[f.name], required=_is_required(f))
        for f in fields(cls)
        if get_origin(hints[f.name]) is not ClassVar
    }


def _hints(cls: type[Any]) -> dict[str, Any]:
    """What annotates each field, inherited ones too.

    Our kinds' modules keep their annotations as values: to evaluate them as text, as
    `from __future__ import annotations` asks for, takes ten times as long.
    """
    found: dict[str, Any] = {}
    for each in reversed(cls.__mro__):
        found |= getattr(each, "__annotations__", {})
    as_text = any(isinstance(hint, str) for hint in found.values())
    return get_type_hints(cls, include_extras=True) if as_text else found


def _is_required(declared: Field[Any]) -> bool:
    return declared.default is MISSING and declared.default_factory is MISSING


def _name_written(attribute: str) -> str:
    # `except` is a field, but not a name that Python allows: the attribute is `except_`.
    return attribute.removesuffix("_")


def _shape(name: str, hint: Any, *, required: bool) -> Shape:
    notes: list[Any] = []
    is_list = is_map = False
    while True:
        origin, args = get_origin(hint), get_args(hint)
        if origin is Annotated:
            hint = args[0]
            notes.extend(cast("Any", args[1:]))
        elif origin in (Union, types.UnionType) and type(None) in args and not _is_parsed(notes):
            hint = next(a for a in args if a is not type(None))
        elif origin is tuple:
            is_list, hint = True, args[0]
        elif origin is dict:
            is_map, hint = True, args[1]
        else:
            written = _name_written(name)
            return Shape(written, name, hint, required, is_list, is_map, tuple(notes))


def _is_parsed(notes: list[Any]) -> bool:
    return any(isinstance(n, Parsed) for n in notes)


Follow = Callable[[Loc, Loc], None]


def normalised(cls: type[Any], value: Any, follow: Follow, at: Loc = ()) -> Any:
    """The value with every shorthand in its one full shape.

    A record that declares `__shorthand__ = "person"` may be written as that field's text alone; a
    list of one may be written without brackets. `follow(old, new)` is told which place a value that
    moved had before.
    """
    if isinstance(value, str) and (short := getattr(cls, "__shorthand__", None)):
        follow(at, (*at, short))
        return {short: value}
    if not isinstance(value, dict):
        return value
    known = shapes(cls)
    full: dict[str, Any] = {}
    for key, each in cast("dict[str, Any]", value).items():
        if shape := known.get(key):
            full[shape.attribute] = _normalised_field(shape, each, follow, (*at, key))
        else:
            # Never an attribute's own spelling: `except_` is as unknown as any other.
            full[f"{key}_" if key.endswith("_") else key] = each
    return full


def _normalised_field(shape: Shape, value: Any, follow: Follow, at: Loc) -> Any:
    if shape.is_list and _stands_alone(shape, value):
        _moved(value, at, (*at, 0), follow)
        return _normalised_field(shape, [value], follow, at)
    inner = shape.record
    if inner is None:
        return value
    if shape.is_list and isinstance(value, list):
        items = cast("list[Any]", value)
        return [normalised(inner, v, follow, (*at, i)) for i, v in enumerate(items)]
    if shape.is_map and isinstance(value, dict):
        pairs = cast("dict[str, Any]", value).items()
        return {k: normalised(inner, v, follow, (*at, k)) for k, v in pairs}
    return normalised(inner, value, follow, at)


def _stands_alone(shape: Shape, value: Any) -> bool:
    """Whether the value is plainly the one item of a list: text, or a record with a shorthand."""
    may = isinstance(value, str) or hasattr(shape.record, "__shorthand__")
    return may and not isinstance(value, list)


def _moved(value: Any, old: Loc, new: Loc, follow: Follow) -> None:
    follow(old, new)
    if isinstance(value, dict):
        for key, each in cast("dict[str, Any]", value).items():
            _moved(each, (*old, key), (*new, key), follow)
    if isinstance(value, list):
        for number, each in enumerate(cast("list[Any]", value)):
            _moved(each, (*old, number), (*new, number), follow)


class Referred(NamedTuple):
    """A reference that stands in front matter: where, to which kind, to which id."""

    loc: Loc
    kind: str
    id: str


def references(value: Any, at: Loc = ()) -> list[Referred]:
    """Every reference that a record holds, nested records included."""
    found: list[Referred] = []
    for name, attribute, kind in _referring(cast("type[Any]", type(value))):
        held = getattr(value, attribute)
        for loc, each in _items(held, (*at, name)) if held else ():
            if kind and isinstance(each, str):
                found.append(Referred(loc, kind, each))
            elif not kind and each is not None:
                found += references(each, loc)
    return found


@cache
def _referring(cls: type[Any]) -> tuple[tuple[str, str, str], ...]:
    """The fields of a record that hold references or records: the names and, if any, the kind."""
    known = shapes(cls).items()
    noted = ((name, shape, shape.note(Reference)) for name, shape in known)
    return tuple(
        (name, shape.attribute, to.kind if to else "")
        for name, shape, to in noted
        if to or shape.record
    )


def _items(held: Any, at: Loc) -> list[tuple[Loc, Any]]:
    if isinstance(held, tuple):
        return [((*at, i), v) for i, v in enumerate(cast("tuple[Any, ...]", held))]
    if isinstance(held, dict):
        return [((*at, str(k)), v) for k, v in cast("dict[Any, Any]", held).items()]
    return [(at, held)]
