"""A Markdown file taken apart: front matter with positions, and body.

Every scalar stays the text that its author typed: YAML 1.1 would read `18:30` as 1110 and `NO` as
false. Nothing here raises for bad content.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml
from frontmatter.default_handlers import YAMLHandler

from townsquare.fields import Loc
from townsquare.problems import Place, Problem, problem

Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
MAX_DEPTH = 8
_SPLIT = YAMLHandler()
_FENCE = re.compile(r"^-{3,}\s*$")


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


def parse(path: str, text: str) -> tuple[Source | None, list[Problem]]:
    """The file's source, or nothing and the reasons.

    A file with any fault here has no source at all: front matter that does not parse is never
    taken for body text.
    """
    if fault := _framing_fault(path, text):
        return None, [fault]
    front, body = _SPLIT.split(text)
    opened = _SPLIT.FM_BOUNDARY.match(text)
    reader = _Reader(path, first_line=text.count("\n", 0, opened.end() if opened else 0) + 1)
    values = reader.read(front)
    if reader.problems:
        return None, reader.problems
    # The fence swallows blank lines behind it, so the body's line is counted from the end.
    line = text.count("\n") - body.count("\n") + 1
    return Source(path, values, reader.places, reader.keys, body, line), []


def parse_yaml(path: str, text: str, *, features: bool = False) -> tuple[Source | None, list[Problem]]:
    """A YAML file as a source without body. With `features`, tags and aliases are passed over:
    `mkdocs.yml` belongs to its owner, and only plain values are taken from it."""
    reader = _Reader(path, first_line=1, features=features)
    values = reader.read(text)
    if reader.problems:
        return None, reader.problems
    return Source(path, values, reader.places, reader.keys), []


def normalise_newlines(text: str) -> str:
    """The text with Unix line ends, so that a checkout on Windows builds the same bytes."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _framing_fault(path: str, text: str) -> Problem | None:
    """What keeps the file from splitting into front matter and body."""
    lines = text.split("\n")
    first = lines[0] if lines else ""
    if text.startswith("\ufeff"):
        return problem(
            "front_matter_missing",
            Place(path),
            "the file begins with a byte-order mark",
            "save it as UTF-8 without BOM",
        )
    if not _FENCE.match(first):
        where = next((i for i, line in enumerate(lines[:20]) if _FENCE.match(line)), None)
        hint = (
            f"delete what stands before line {where + 1}"
            if where and not "".join(lines[:where]).strip()
            else "begin with `---`, then `title: …`, then `---`"
        )
        return problem("front_matter_missing", Place(path), "the file has no front matter", hint)
    if not any(_FENCE.match(line) for line in lines[1:]):
        return problem(
            "front_matter_unclosed",
            Place(path, 1, 1, len(first)),
            "the front matter is not closed",
            "put `---` on a line of its own after the last field",
        )
    return None


class _Reader:
    """Builds values and positions from YAML events, so that anchors and tags can be seen."""

    def __init__(self, path: str, first_line: int, *, features: bool = False) -> None:
        self.path = path
        self.features = features
        self.offset = first_line
        self.places: dict[Loc, Place] = {}
        self.keys: dict[Loc, Place] = {}
        self.problems: list[Problem] = []

    def read(self, text: str) -> dict[str, Any]:
        """The fields of one YAML mapping; `problems` is empty if and only if they are whole."""
        try:
            events = iter(list(yaml.parse(text, Loader=Loader)))
        except yaml.YAMLError as error:
            self._syntax(error, text)
            return {}
        next(events)
        start = next(events)
        if isinstance(start, yaml.StreamEndEvent):
            return {}
        value = self._value(next(events), events, ())
        if isinstance(value, dict):
            return value  # type: ignore[return-value]
        if value is not None:
            self._fault("front_matter_not_fields", self.places[()], "this is not `field: value`")
        return {}

    def _value(self, event: Any, events: Iterator[Any], at: Loc) -> Any:
        place = self.places[at] = self._place(event)
        if isinstance(event, yaml.AliasEvent):
            self._refuse(place, f"`*{event.anchor}` is an alias")
            return None
        self._refuse_features(event, place)
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event)
        if len(at) >= MAX_DEPTH:
            self._fault("front_matter_too_deep", place, "this nests too deeply", "write it flatter")
            return _skip(events)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._list(events, at)
        return self._mapping(events, at)

    def _list(self, events: Iterator[Any], at: Loc) -> list[Any]:
        items: list[Any] = []
        for event in events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            value = self._value(event, events, (*at, len(items)))
            if value is not None:
                items.append(value)
        return items

    def _mapping(self, events: Iterator[Any], at: Loc) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for event in events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            name = self._name(event, events, values, at)
            value = self._value(next(events), events, (*at, name))
            if value is not None:
                values[name] = value
        return values

    def _name(self, event: Any, events: Iterator[Any], seen: dict[str, Any], at: Loc) -> str:
        place = self._place(event)
        if not isinstance(event, yaml.ScalarEvent):
            self._value(event, events, (*at, ""))
            self._fault("front_matter_not_fields", place, "a field's name is a single word")
            return ""
        name = str(event.value)
        if name == "<<":
            self._refuse(place, "`<<` is a merge")
        if (*at, name) in self.keys:
            line = self.keys[(*at, name)].line
            message = f"`{name}` stands here again"
            self._fault("duplicate_key", place, message, f"keep this or line {line}, not both")
        self.keys[(*at, name)] = place
        return name

    def _refuse_features(self, event: Any, place: Place) -> None:
        if getattr(event, "anchor", None):
            self._refuse(place, f"`&{event.anchor}` is an anchor")
        if getattr(event, "tag", None) and event.tag != "!":
            self._refuse(place, f"`{event.tag}` is a tag")

    def _refuse(self, place: Place, message: str) -> None:
        if self.features:
            return
        hint = "write the value out; quote it if it is meant as text"
        self._fault("yaml_feature_refused", place, f"{message}, which front matter cannot have", hint)

    def _fault(self, code: str, place: Place, message: str, hint: str = "") -> None:
        self.problems.append(problem(code, place, message, hint))

    def _place(self, event: Any) -> Place:
        start, end = event.start_mark, event.end_mark
        width = end.column - start.column if end.line == start.line else 1
        return Place(self.path, start.line + self.offset, start.column + 1, max(1, width))

    def _syntax(self, error: yaml.YAMLError, text: str) -> None:
        from townsquare.wording import yaml_fault, yaml_place

        line, column = yaml_place(error, text)
        message, hint = yaml_fault(error, text)
        place = Place(self.path, line + self.offset, column + 1)
        self._fault("front_matter_invalid", place, message, hint)


def _scalar(event: yaml.ScalarEvent) -> str | None:
    """The text as typed; an empty value is an absent one."""
    plain = event.style is None or event.style == ""
    value = str(event.value)
    return None if plain and value in ("", "~") else value


def _skip(events: Iterator[Any]) -> None:
    depth = 1
    for event in events:
        depth += isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent))
        depth -= isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent))
        if not depth:
            return
