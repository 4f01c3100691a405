"""An entry that is read as far as somebody asks, and notes who does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from types import MappingProxyType
from typing import Any, NamedTuple

import orjson

from townsquare import source
from townsquare.fields import normalised
from townsquare.model import Entry, Kind
from townsquare.problems import Place
from townsquare.reads import note
from townsquare.upkeep import lazy_fields

NOTHING: Mapping[str, Any] = MappingProxyType({})


class Held(NamedTuple):
    """A file, as far as every build must know it. Only text and numbers: it is kept as JSON.

    `sha` is the file's digest. `id`, `tags` and `often` are its author's, for those who look at
    nothing else: see `lazy_fields.OFTEN`. `problems` are its own faults.
    """

    sha: str
    is_entry: bool = False
    id: str = ""
    tags: tuple[str, ...] = ()
    problems: tuple[tuple[Any, ...], ...] = ()
    often: Mapping[str, Any] = {}


class Said(NamedTuple):
    """What an entry's file says, as the next build needs it. Kept as JSON, too.

    `front` is the front matter as JSON, and `lines` a digest of where its values stand. `body` is
    the digest of the body, which begins on the file's line `line` and at its character `start`.
    `facets` are the digests of the converted body's parts, where they are known.
    """

    front: str
    lines: str
    body: str
    line: int
    start: int
    facets: Mapping[str, str] | None = None


NOTHING_SAID = Said("", "", "", 1, 0)


class KeptEntry(Entry[Any]):
    """An entry that is typed when somebody asks for its fields, and notes who does.

    `said` tells what the file says, `text` gives the whole of it, and `typed` what is known of its
    values already.
    """

    # An entry declares plain attributes. Here each is worked out when it is asked for, and noted,
    # which a type checker takes for another attribute: hence what is ignored below.

    _path: str
    _held: Held
    _said: Callable[[str], Said]
    _text: Callable[[], str]
    _typed: Mapping[str, Any]

    def __init__(
        self,
        kind: Kind[Any],
        path: str,
        held: Held,
        said: Callable[[str], Said],
        text: Callable[[], str],
        typed: Mapping[str, Any] = NOTHING,
    ) -> None:
        vars(self).update(kind=kind, _path=path, _held=held, _said=said, _text=text, _typed=typed)

    def __repr__(self) -> str:
        return f"<{self.key} {self.path}>"

    def __eq__(self, other: object) -> bool:
        return self is other

    __hash__ = object.__hash__

    @property
    def path(self) -> str:
        """Its file, from the repository's root."""
        return self._path

    @cached_property
    def id(self) -> str:  # type: ignore[override]
        """Who it is for ever. Whatever found the entry has found it by this."""
        return self._held.id or self.kind.id_of(self.path)

    @cached_property
    def key(self) -> str:  # type: ignore[override]
        """`post:welcome`."""
        return f"{self.kind.name}:{self.id}"

    @cached_property
    def address(self) -> str:  # type: ignore[override]
        """The page's path from the site's root."""
        return super().address

    @property
    def fields(self) -> Any:  # type: ignore[override]
        """Its typed front matter."""
        return self._fields

    @property
    def tag_words(self) -> tuple[str, ...]:
        """Its tags as their author wrote them; nothing else of it need be typed for that."""
        note(f"tags:{self.path}")
        return tuple(self._held.tags)

    @property
    def source(self) -> KeptSource:  # type: ignore[override]
        """What its file says."""
        return self._source

    def put_away(self) -> None:
        """What its file says is read again for the next who asks: thousands would fill memory."""
        vars(self).pop("_source", None)

    @cached_property
    def _source(self) -> KeptSource:
        return KeptSource(self, self._said(self.path), self._text, self._front)

    @cached_property
    def _front(self) -> dict[str, Any]:
        return orjson.loads(self._said(self.path).front)

    @cached_property
    def _fields(self) -> Any:
        known = self._held.often
        return lazy_fields.of(self.kind.fields, self.path, known, lambda: self._front, self._typed)


class KeptSource:
    """A file that is taken apart when somebody asks where something stands, and notes who does."""

    def __init__(
        self, entry: KeptEntry, said: Said, text: Callable[[], str], front: dict[str, Any]
    ) -> None:
        self.path = entry.path
        self._kind = entry.kind
        self._said = said
        self._file = text
        self._front = front

    @property
    def front(self) -> dict[str, Any]:
        """The values of the front matter as typed."""
        note_all(self)
        return self._front

    @property
    def body(self) -> str:
        """The text below the front matter."""
        note(f"text:{self.path}")
        return self._text[self._said.start :]

    @property
    def body_line(self) -> int:
        """The line on which the body begins."""
        note(f"lines:{self.path}")
        return self._said.line

    def place(self, loc: source.Loc = ()) -> Place:
        """Where the value at `loc` stands, else the nearest thing around it."""
        note(f"lines:{self.path}")
        return self._positioned.place(loc)

    def key(self, loc: source.Loc) -> Place:
        """Where the name of the field at `loc` stands."""
        note(f"lines:{self.path}")
        return self._positioned.key(loc)

    @cached_property
    def _text(self) -> str:
        return self._file()

    @cached_property
    def _positioned(self) -> source.Source:
        parsed, _ = source.parse(self.path, self._text)
        whole = parsed or source.Source(self.path)
        # Shorthand that is written out has the place of what its author typed.
        normalised(self._kind.fields, whole.front, whole.follow)
        return whole


def note_all(entry: Entry[Any] | KeptSource) -> None:
    """Whoever asked has read the whole front matter."""
    for name in lazy_fields.NAMES:
        note(f"{name}:{entry.path}")
