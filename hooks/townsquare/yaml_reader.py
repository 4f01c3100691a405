"""YAML text → values with positions. Nothing is typed, nothing is shared, nothing is lost.

The reader builds from YAML's events, because only they show anchors, aliases and tags, which are
refused (a 305-byte alias bomb exhausts 3 GB), and because nesting can be bounded while it is read.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any, cast

import yaml

from townsquare.fields import Loc
from townsquare.problems import Place, Problem, problem
from townsquare.yaml_wording import yaml_fault, yaml_place

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_STARTS = (yaml.SequenceStartEvent, yaml.MappingStartEvent)
_ENDS = (yaml.SequenceEndEvent, yaml.MappingEndEvent)
MAX_ITEMS = 1000
# YAML 1.1 ends a line at the first three, editors and forges do not: a field could hide behind
# another. It passes over the fourth, which nobody sees.
HIDDEN = re.compile("[\x85\u2028\u2029\ufeff]")


class _TooDeepError(Exception):
    """The text nests deeper than any field needs, from this event on."""


class _TooLongError(Exception):
    """A list or a mapping has more items than any field needs, from this event on."""


class Reader:
    """Reads one mapping of fields; afterwards `places` and `keys` tell where each stands.

    `first_line` is the text's own line in the file `path`, counted from 1; `depth` is how far it
    may nest. With `owned`, anchors, aliases and tags are faults only where they could reach these
    fields.
    """

    def __init__(
        self,
        path: str,
        text: str,
        first_line: int,
        *,
        depth: int,
        owned: Collection[Loc] | None = None,
    ) -> None:
        self.path = path
        self.text = text
        self.first_line = first_line
        self.depth = depth
        self.owned = owned
        self.places: dict[Loc, Place] = {}
        self.keys: dict[Loc, Place] = {}
        self.problems: list[Problem] = []
        self._open = 0
        self._event: Any = None

    def read(self) -> dict[str, Any]:
        """The fields of one YAML mapping; `problems` is empty if and only if they are whole."""
        if hidden := HIDDEN.search(self.text):
            self._hidden(hidden)
            return {}
        try:
            self._event = LOADER(self.text).get_event
            return self._document()
        except _TooDeepError as error:
            place = self._place(error.args[0])
            self._fault("front_matter_too_deep", place, "this nests too deeply", "write it flatter")
        except _TooLongError as error:
            message = f"at most {MAX_ITEMS} items fit"
            self._fault("value_too_long", self._place(error.args[0]), message, "leave some out")
        except (yaml.YAMLError, UnicodeEncodeError) as error:
            self._syntax(error)
        return {}

    def _next(self) -> Any:
        # One at a time: 100,000 nested `[` take libyaml 20 seconds, the first few take none.
        event: Any = self._event()
        if type(event) in _STARTS:
            self._open += 1
            if self._open > self.depth:
                raise _TooDeepError(event)
        elif type(event) in _ENDS:
            self._open -= 1
        return event

    def _document(self) -> dict[str, Any]:
        self._next()
        if isinstance(self._next(), yaml.StreamEndEvent):
            return {}
        value = self._value(self._next(), ())
        end, after = self._next(), self._next()
        if not isinstance(after, yaml.StreamEndEvent):
            place = self._place(end if end.explicit else after)
            message = "what stands below this line would be left out"
            self._fault("front_matter_invalid", place, message, "delete this line")
        if isinstance(value, dict):
            return cast("dict[str, Any]", value)
        if value is not None:
            hint = "write `title: …`, one field on a line"
            self._fault("front_matter_not_fields", self.places[()], "this is not a field", hint)
        return {}

    def _value(self, event: Any, at: Loc) -> Any:
        place = self.places[at] = self._place(event)
        if isinstance(event, yaml.AliasEvent):
            self._refuse(place, at, f"`*{event.anchor}` is an alias")
            return None
        if event.anchor or event.tag:
            self._refuse_features(event, place, at)
        if isinstance(event, yaml.ScalarEvent):
            return scalar(event)
        return self._list(at) if isinstance(event, yaml.SequenceStartEvent) else self._mapping(at)

    def _list(self, at: Loc) -> list[Any]:
        items: list[Any] = []
        while type(event := self._next()) is not yaml.SequenceEndEvent:
            if len(items) == MAX_ITEMS:
                raise _TooLongError(event)
            value = self._value(event, (*at, len(items)))
            if value is not None:
                items.append(value)
        return items

    def _mapping(self, at: Loc) -> dict[str, Any]:
        values: dict[str, Any] = {}
        while type(event := self._next()) is not yaml.MappingEndEvent:
            if len(values) == MAX_ITEMS:
                raise _TooLongError(event)
            name = self._name(event, at)
            loc = (*at, name)
            value = self._value(self._next(), loc)
            if isinstance(value, (dict, list)):
                # A lone `[` or `-` would show nothing to an author.
                self.places[loc] = self.keys[loc]
            if value is not None:
                values[name] = value
        return values

    def _name(self, event: Any, at: Loc) -> str:
        place = self._place(event)
        if type(event) is not yaml.ScalarEvent:
            self._value(event, (*at, ""))
            hint = "quote it if it is meant as text"
            self._fault("front_matter_not_fields", place, "this cannot be a field's name", hint)
            return ""
        name: str = event.value
        loc = (*at, name)
        if event.anchor or event.tag:
            self._refuse_features(event, place, loc)
        if name == "<<":
            self._refuse(place, at, "`<<` is a merge")
        if first := self.keys.get(loc):
            hint = f"keep this or line {first.line}, not both"
            self._fault("duplicate_key", place, f"`{name}` stands here again", hint)
        self.keys[loc] = place
        return name

    def _refuse_features(self, event: Any, place: Place, at: Loc) -> None:
        if event.anchor:
            self._refuse(place, at, f"`&{event.anchor}` is an anchor")
        if event.tag and event.tag != "!":
            self._refuse(place, at, f"`{_tag_as_typed(event.tag)}` is a tag")

    def _refuse(self, place: Place, at: Loc, message: str) -> None:
        if self.owned is None or any(_meet(at, each) for each in self.owned):
            hint = "write the value out; quote it if it is meant as text"
            self._fault("yaml_feature_refused", place, f"{message}, which is not read here", hint)

    def _fault(self, code: str, place: Place, message: str, hint: str = "") -> None:
        self.problems.append(problem(code, place, message, hint))

    def _place(self, event: Any) -> Place:
        start, end = event.start_mark, event.end_mark
        line, column = start.line, start.column
        width = end.column - column if end.line == line else 1
        return Place(self.path, line + self.first_line, column + 1, width if width > 1 else 1)

    def _hidden(self, found: re.Match[str]) -> None:
        before = self.text[: found.start()]
        row, column = before.count("\n"), found.start() - before.rfind("\n")
        message = f"U+{ord(found[0]):04X} stands here, which no editor shows"
        place = Place(self.path, row + self.first_line, column)
        self._fault("text_has_controls", place, message, "delete it and type what is meant")

    def _syntax(self, error: Any) -> None:
        row, column = yaml_place(error, self.text)
        message, hint = yaml_fault(error, self.text)
        place = Place(self.path, row + self.first_line, column + 1)
        # What was taken for a tag or an anchor on a line that cannot be read was none.
        self.problems = [each for each in self.problems if each.place.line < place.line]
        self._fault("front_matter_invalid", place, message, hint)


def scalar(event: Any) -> str | None:
    """The text as typed; an empty value is an absent one."""
    value: str = event.value
    return None if not event.style and value in ("", "~") else value


def _tag_as_typed(tag: str) -> str:
    return tag.replace("tag:yaml.org,2002:", "!!")


def _meet(one: Loc, other: Loc) -> bool:
    """Whether one of the two places holds the other."""
    return all(a == b for a, b in zip(one, other, strict=False))
