"""Questions that many outputs ask, answered once for each community.

A query takes the community (or the release) and plain names. One that reads everything answers with
structure (entries, keys, addresses); an output asks the narrowest query that serves it
(`series_named`, not all series), so that a change elsewhere is no change of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from importlib import import_module
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, Protocol, TypeVar, cast

import orjson

from townsquare.model import Entry

if TYPE_CHECKING:
    from townsquare.community import Community
    from townsquare.traces import Traces


class Asked(Protocol):
    """What is asked, and remembers what it answered."""

    @property
    def answers(self) -> dict[Any, Any]:
        """Every answer so far, by the query's name and arguments."""
        ...

    @property
    def traces(self) -> Traces | None:
        """What remembers answers between builds, where anything does."""
        ...


A = TypeVar("A")
P = ParamSpec("P")
T = TypeVar("T")
QUERY = "?"
_PLAIN = frozenset((str, int, float, bool, type(None)))
_MARK = "what is asked"
_OF_ENTRIES = {list: "E", tuple: "A"}
"""How lists and tuples are marked that hold entries alone."""


def query(
    function: Callable[Concatenate[A, P], T],
) -> Callable[Concatenate[A, P], T]:
    """The function of something `Asked`, each of whose answers is worked out once."""
    name = f"{function.__module__}:{function.__qualname__}"

    @wraps(function)
    def ask(asked: A, /, *args: P.args, **_options: P.kwargs) -> T:
        def make() -> T:
            # Options only say how it is kept; what is asked takes what stands before them.
            return function(asked, *args)  # type: ignore[call-arg]

        able = cast("Asked", asked)
        if able.traces is not None:
            return able.traces.answer(f"{QUERY}{name} {orjson.dumps(args).decode()}", make)
        key = (name, *args)
        if key not in able.answers:
            able.answers[key] = make()
        return able.answers[key]

    ask.__dict__[_MARK] = function.__code__.co_varnames[0]
    return ask


def again(name: str, askable: dict[str, Any]) -> Any:
    """The answer to the query of this name. `askable` is what can be asked, by parameter's name."""
    function, _, args = name.removeprefix(QUERY).partition(" ")
    asked = _ours(function)
    # A name comes from a file that somebody else may have written.
    if _MARK not in vars(asked):
        raise LookupError(f"{function} is no query")
    return asked(askable[vars(asked)[_MARK]], *orjson.loads(args))


def _ours(name: str) -> Any:
    module, _, attribute = name.partition(":")
    if not module.startswith(f"{__package__}."):
        raise LookupError(f"{module} is not ours")
    return getattr(import_module(module), attribute)


def encoded(answer: Any) -> str | None:
    """The answer as text, or nothing where it holds more than structure."""
    try:
        return orjson.dumps(_encoded(answer)).decode()
    except TypeError:
        return None


def decoded(community: Community, text: str) -> Any:
    """The answer that `encoded` wrote, with this community's entries."""
    return _decoded(community, orjson.loads(text))


def _encoded(value: Any) -> Any:
    if type(value) in _PLAIN:
        return value
    if isinstance(value, Entry):
        return ["e", _of(cast("Entry[Any]", value))]
    if isinstance(value, list | tuple):
        return _encoded_items(cast("list[Any]", value))
    if isinstance(value, dict):
        pairs = cast("dict[Any, Any]", value).items()
        return ["d", [[_encoded(key), _encoded(each)] for key, each in pairs]]
    if isinstance(value, date):
        return ["T" if isinstance(value, datetime) else "D", value.isoformat()]
    raise TypeError(f"no text says {type(value)}")


def _of(entry: Entry[Any]) -> str:
    """Which entry this is. One in another file is another, for its address is."""
    return f"{entry.key} {entry.path}"


def _encoded_items(values: list[Any] | tuple[Any, ...]) -> Any:
    mark = _OF_ENTRIES.get(type(values))
    if mark and values and all(isinstance(each, Entry) for each in values):
        return [mark, [_of(each) for each in values]]
    items = [_encoded(each) for each in values]
    if type(values) is list and values and _are_alike(values, items):
        return ["N", items[0][1], [each[2] for each in items]]
    if isinstance(values, list):
        return ["l", items]
    if hasattr(values, "_fields"):
        return ["n", f"{type(values).__module__}:{type(values).__qualname__}", items]
    return ["t", items]


def _are_alike(values: list[Any], items: list[Any]) -> bool:
    """Whether all are named tuples of one class."""
    marked = isinstance(items[0], list) and cast("list[Any]", items[0])[0] == "n"
    return marked and len({*map(type, values)}) == 1


def _decoded(community: Community, value: Any) -> Any:
    if type(value) is not list:
        return value
    mark, *rest = cast("list[Any]", value)
    match mark:
        case "e" | "E" | "A":
            return _decoded_entries(community, mark, rest[0])
        case "N":
            cls = _named_tuple(rest[0])
            return [cls(*_decoded_all(community, row)) for row in rest[1]]
        case "l":
            return _decoded_all(community, rest[0])
        case "t":
            return tuple(_decoded_all(community, rest[0]))
        case "d":
            return {_decoded(community, k): _decoded(community, v) for k, v in rest[0]}
        case "n":
            return _named_tuple(rest[0])(*_decoded_all(community, rest[1]))
        case "D":
            return date.fromisoformat(rest[0])
        case _:
            return datetime.fromisoformat(rest[0])


def _decoded_entries(community: Community, mark: str, names: Any) -> Any:
    known = _entries(community)
    if mark == "e":
        return known[names]
    found = map(known.__getitem__, names)
    return [*found] if mark == "E" else (*found,)


def _entries(community: Community) -> dict[str, Entry[Any]]:
    # Nobody is noted to have looked up what an answer holds.
    return community.once(
        "entries as answers hold them",
        lambda: {_of(entry): entry for entry in community.library.unnoted},
    )


def _decoded_all(community: Community, values: list[Any]) -> list[Any]:
    # Most values of long lists are texts.
    return [v if type(v) is not list else _decoded(community, v) for v in values]


def _named_tuple(name: str) -> Any:
    cls = _ours(name)
    if not hasattr(cls, "_fields"):
        raise LookupError(f"{name} is no named tuple")
    return cls
