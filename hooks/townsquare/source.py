"""A Markdown file taken apart: front matter with positions, and body.

Every scalar stays the text that its author typed: YAML 1.1 would read `18:30` as 1110 and `NO` as
false. Nothing here raises for bad content.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, cast

from frontmatter.default_handlers import YAMLHandler

from townsquare.fields import Loc
from townsquare.problems import Place, Problem, problem
from townsquare.yaml_reader import Reader

MAX_DEPTH = 8
MAX_SETTINGS_DEPTH = 40
_SPLIT = YAMLHandler()
_FENCE = cast("re.Pattern[str]", _SPLIT.FM_BOUNDARY)


@dataclass(frozen=True, slots=True)
class Source:
    """What a file says. `body_line` is the line on which the body begins, counted from 1."""

    path: str
    front: dict[str, Any] = field(default_factory=dict[str, Any])
    places: dict[Loc, Place] = field(default_factory=dict[Loc, Place])
    keys: dict[Loc, Place] = field(default_factory=dict[Loc, Place])
    body: str = ""
    body_line: int = 1

    def place(self, loc: Loc = ()) -> Place:
        """Where the value at `loc` stands, else the nearest thing around it."""
        while loc:
            if found := self.places.get(loc) or self.keys.get(loc):
                return found
            loc = loc[:-1]
        return Place(self.path)

    def key(self, loc: Loc) -> Place:
        """Where the name of the field at `loc` stands."""
        return self.keys.get(loc) or self.place(loc)

    def follow(self, old: Loc, new: Loc) -> None:
        """The value at `new` stands where the one at `old` does: shorthand was written out."""
        self.places[new] = self.place(old)
        if old in self.keys:
            self.keys[new] = self.keys[old]


Parsed = tuple[Source | None, list[Problem]]


def parse(path: str, text: str) -> Parsed:
    """The file's source, or nothing and the reasons. The text has Unix line ends.

    A file with any fault here has no source at all: front matter that does not parse is never
    taken for body text.
    """
    if fault := _framing_fault(path, text):
        return None, [fault]
    front, body = _SPLIT.split(text)
    begun = text.count("\n", 0, text.index(front, 3)) + 1
    reader = Reader(path, front, begun, depth=MAX_DEPTH)
    values = reader.read()
    if reader.problems:
        return None, reader.problems
    # The fence swallows blank lines behind it, so the body's line is counted from the end.
    line = text.count("\n") - body.count("\n") + 1
    return Source(path, values, reader.places, reader.keys, body, line), []


def parse_yaml(path: str, text: str, *, owned: Collection[Loc] | None = None) -> Parsed:
    """A YAML file as a source without body.

    With `owned`, tags, anchors and aliases are faults only where they could reach these fields:
    `mkdocs.yml` is MkDocs' too, which gives them meanings.
    """
    depth = MAX_DEPTH if owned is None else MAX_SETTINGS_DEPTH
    reader = Reader(path, text.removeprefix("\ufeff"), 1, depth=depth, owned=owned)
    values = reader.read()
    if reader.problems:
        return None, reader.problems
    return Source(path, values, reader.places, reader.keys), []


def normalise_newlines(text: str) -> str:
    """The text with Unix line ends, so that a checkout on Windows builds the same bytes."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _framing_fault(path: str, text: str) -> Problem | None:
    """What keeps the file from splitting into front matter and body."""
    if text.startswith("\ufeff"):
        message, hint = "the file begins with a byte-order mark", "save it as UTF-8 without BOM"
        return problem("front_matter_missing", Place(path), message, hint)
    first = _FENCE.search(text)
    if first is None or first.start():
        before = text[: first.start()] if first else text
        blank = first is not None and not before.strip()
        hint = (
            f"delete what stands before line {before.count(chr(10)) + 1}"
            if blank
            else "begin with `---`, then `title: …`, then `---`"
        )
        return problem("front_matter_missing", Place(path), "the file has no front matter", hint)
    if not _FENCE.search(text, first.end()):
        place = Place(path, 1, 1, len(text.partition("\n")[0].rstrip()))
        hint = "put `---` on a line of its own after the last field"
        return problem("front_matter_unclosed", place, "the front matter is not closed", hint)
    return None
