"""A Markdown file taken apart: front matter with positions, and body.

Every scalar stays the text that its author typed: YAML 1.1 would read `18:30` as 1110 and `NO` as
false. Nothing here raises for bad content.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import field
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, cast

from townsquare.fields import Loc
from townsquare.problems import Place, Problem, problem
from townsquare.values import value

if TYPE_CHECKING:
    import re

    from frontmatter.default_handlers import YAMLHandler

MAX_DEPTH = 8
MAX_SETTINGS_DEPTH = 40

Places = dict[Loc, Place]


@value
class Source:
    """What a file says. `body_line` is the line on which the body begins, counted from 1.

    Places of values and of fields' names are `given`, or read from the text `yaml`, which begins on
    `yaml_line`, when they are first asked for: most files have no fault to be placed.
    """

    path: str
    front: dict[str, Any] = field(default_factory=dict[str, Any])
    body: str = ""
    body_line: int = 1
    yaml: str = ""
    yaml_line: int = 1
    given: tuple[Places, Places] | None = None
    moves: list[tuple[Loc, Loc]] = field(default_factory=list[tuple[Loc, Loc]])

    @cached_property
    def _read(self) -> tuple[Places, Places]:
        if self.given is not None:
            return self.given
        from townsquare.yaml_reader import Reader

        reader = Reader(self.path, self.yaml, self.yaml_line, depth=MAX_DEPTH)
        reader.read()
        return reader.places, reader.keys

    @property
    def places(self) -> Places:
        """Where each value stands."""
        self._settle()
        return self._read[0]

    @property
    def keys(self) -> Places:
        """Where the name of each field stands."""
        self._settle()
        return self._read[1]

    def place(self, loc: Loc = ()) -> Place:
        """Where the value at `loc` stands, else the nearest thing around it."""
        self._settle()
        return self._nearest(loc)

    def key(self, loc: Loc) -> Place:
        """Where the name of the field at `loc` stands."""
        return self.keys.get(loc) or self.place(loc)

    def follow(self, old: Loc, new: Loc) -> None:
        """The value at `new` stands where the one at `old` does: shorthand was written out."""
        self.moves.append((old, new))

    def _settle(self) -> None:
        """Every move up to now is made, in its order."""
        places, keys = self._read
        for old, new in self.moves:
            places[new] = self._nearest(old)
            if old in keys:
                keys[new] = keys[old]
        self.moves.clear()

    def _nearest(self, loc: Loc) -> Place:
        places, keys = self._read
        while loc:
            if found := places.get(loc) or keys.get(loc):
                return found
            loc = loc[:-1]
        return Place(self.path)


Parsed = tuple[Source | None, list[Problem]]


def parse(path: str, text: str) -> Parsed:
    """The file's source, or nothing and the reasons. The text has Unix line ends.

    A file with any fault here has no source at all: front matter that does not parse is never
    taken for body text.
    """
    if fault := _framing_fault(path, text):
        return None, [fault]
    from townsquare import plain_yaml  # with PyYAML, as the handler

    front, body = _handler().split(text)
    begun = text.count("\n", 0, text.index(front, 3)) + 1
    # The fence swallows blank lines behind it, so the body's line is counted from the end.
    line = text.count("\n", 0, len(text) - len(body)) + 1
    fields = plain_yaml.fields(front, MAX_DEPTH)
    if fields is None:
        from townsquare.yaml_reader import Reader

        reader = Reader(path, front, begun, depth=MAX_DEPTH)
        fields = reader.read()
        if reader.problems:
            return None, reader.problems
    return Source(path, fields, body, line, front, begun), []


def parse_yaml(path: str, text: str, *, owned: Collection[Loc] | None = None) -> Parsed:
    """A YAML file as a source without body.

    With `owned`, tags, anchors and aliases are faults only where they could reach these fields:
    `mkdocs.yml` is MkDocs' too, which gives them meanings.
    """
    from townsquare.yaml_reader import Reader

    depth = MAX_DEPTH if owned is None else MAX_SETTINGS_DEPTH
    reader = Reader(path, text.removeprefix("\ufeff"), 1, depth=depth, owned=owned)
    values = reader.read()
    if reader.problems:
        return None, reader.problems
    return Source(path, values, given=(reader.places, reader.keys)), []


def normalise_newlines(text: str) -> str:
    """The text with Unix line ends, so that a checkout on Windows builds the same bytes."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


@cache
def _handler() -> YAMLHandler:
    """What splits files. It brings PyYAML, which a build that parses nothing does not need."""
    from frontmatter.default_handlers import YAMLHandler

    return YAMLHandler()


def _fence() -> re.Pattern[str]:
    return cast("re.Pattern[str]", _handler().FM_BOUNDARY)


def _framing_fault(path: str, text: str) -> Problem | None:
    """What keeps the file from splitting into front matter and body."""
    if text.startswith("\ufeff"):
        message, hint = "the file begins with a byte-order mark", "save it as UTF-8 without BOM"
        return problem("front_matter_missing", Place(path), message, hint)
    first = _fence().search(text)
    if first is None or first.start():
        before = text[: first.start()] if first else text
        blank = first is not None and not before.strip()
        hint = (
            f"delete what stands before line {before.count(chr(10)) + 1}"
            if blank
            else "begin with `---`, then `title: …`, then `---`"
        )
        return problem("front_matter_missing", Place(path), "the file has no front matter", hint)
    if not _fence().search(text, first.end()):
        place = Place(path, 1, 1, len(text.partition("\n")[0].rstrip()))
        hint = "put `---` on a line of its own after the last field"
        return problem("front_matter_unclosed", place, "the front matter is not closed", hint)
    return None
