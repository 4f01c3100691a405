"""Frozen dataclasses with shared methods, where the standard library writes each class its own.

`@dataclass(frozen=True)` compiles six functions for every class, 0.7 ms together, on every run, and
a build that has little to do would do little else. These are dataclasses to everybody who asks
(`fields`, `replace`, pydantic), and are made in a tenth of it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, FrozenInstanceError, dataclass, field, fields
from operator import attrgetter
from typing import Any, ClassVar, TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def value(cls: type[T]) -> type[T]:
    """A frozen dataclass: equal to another of its class with equal fields, and hashed by them.

    No slots, so that it may hold cached properties.
    """
    return _shared(dataclass(init=False, repr=False, eq=False)(cls))


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(field,))
def named(cls: type[T]) -> type[T]:
    """The same, made by the names of its fields only, and from several others where it inherits."""
    return _shared(dataclass(init=False, repr=False, eq=False, kw_only=True)(cls))


class _Methods:
    """What every value gets. A value does not inherit it, so that facets stay plain classes."""

    __match_args__: ClassVar[tuple[str, ...]]
    _names: ClassVar[frozenset[str]]
    _defaults: ClassVar[Mapping[str, Any]]
    _factories: ClassVar[tuple[tuple[str, Callable[[], Any]], ...]]
    _held: ClassVar[Callable[[Any], Any]]

    def __init__(self, *given: Any, **named: Any) -> None:
        asked = dict(zip(self.__match_args__, given, strict=False)) | named if given else named
        values = {**self._defaults, **asked}
        for name, made in self._factories:
            if name not in values:
                values[name] = made()
        if len(asked) < len(given) + len(named) or values.keys() != self._names:
            wrong = ", ".join(sorted(values.keys() ^ self._names))
            raise TypeError(f"{type(self).__qualname__}: too few, too many or unknown: {wrong}")
        self.__dict__.update(values)
        if after := getattr(self, "__post_init__", None):
            after()

    def __repr__(self) -> str:
        # Whatever gets these methods is a dataclass, which their own class is not.
        held = ", ".join(f"{f.name}={getattr(self, f.name)!r}" for f in fields(self))  # type: ignore[arg-type]
        return f"{type(self).__qualname__}({held})"

    def __eq__(self, other: object) -> bool:
        alike = type(other) is type(self)
        return type(self)._held(self) == type(self)._held(other) if alike else NotImplemented

    def __hash__(self) -> int:
        return hash(type(self)._held(self))

    def __setattr__(self, name: str, _value: object) -> None:
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def __delattr__(self, name: str) -> None:
        raise FrozenInstanceError(f"cannot delete field {name!r}")


def _none(_value: object) -> tuple[()]:
    return ()


_METHODS = ("__init__", "__repr__", "__eq__", "__hash__", "__setattr__", "__delattr__")


def _shared(cls: Any) -> Any:
    """The dataclass with the shared methods and what they ask of their class."""
    declared = fields(cls)
    names = [f.name for f in declared]
    cls._names = frozenset(names)
    cls._held = attrgetter(*names) if names else _none
    cls._defaults = {f.name: f.default for f in declared if f.default is not MISSING}
    made = ((f.name, f.default_factory) for f in declared)
    cls._factories = tuple((name, make) for name, make in made if make is not MISSING)
    for name in _METHODS:
        setattr(cls, name, vars(_Methods)[name])
    return cls
