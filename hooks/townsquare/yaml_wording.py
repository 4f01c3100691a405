"""YAML's own messages in an author's words, with what to type instead.

YAML names the rule that broke, which is seldom what the author did: an apostrophe in a quoted
title reads "did not find expected key". So the line itself is looked at first, and YAML's message
(of libyaml, or of PyYAML's own parser, which words some differently) only chooses where to look.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, NamedTuple

import yaml

Position = tuple[int, int]
"""A line and a column, from 0, in characters."""

_FIELD = re.compile(r"\s*(?:- +)*(?P<key>[^\s:#'\"\[{][^:#]*?)\s*:(?:\s+(?P<value>.*?))?\s*$")
_UNPRINTABLE = re.compile(
    "[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_CLOSED = re.compile(r"\[[^\[\]{}\n]*\]|\{[^\[\]{}\n]*\}")
_CLOSING = {"[": "]", "{": "}"}
_SIGNS = {"`": "a backtick", "\t": "a tab"}
_SHOWN = 72


class YamlFault(NamedTuple):
    """What is wrong, one thing to do, and where it stands, from 0."""

    message: str
    hint: str
    at: Position


class _Seen(NamedTuple):
    """What YAML said, and the text that it stumbled over."""

    said: str
    lines: list[str]
    at: Position
    opened: Position | None

    @property
    def line(self) -> str:
        return self.lines[self.at[0]]

    def character(self, at: Position) -> str:
        """What stands there; nothing at a line's end."""
        return self.lines[at[0]][at[1] : at[1] + 1]


def yaml_fault(error: yaml.YAMLError, text: str) -> tuple[str, str]:
    """What is wrong with the YAML text, and one thing to do."""
    found = _explained(error, text)
    return found.message, found.hint


def yaml_place(error: yaml.YAMLError, text: str) -> Position:
    """Where the author must look: at an open quote's beginning, not at the file's end."""
    return _explained(error, text).at


def _explained(error: yaml.YAMLError, text: str) -> YamlFault:
    if unprintable := _UNPRINTABLE.search(text):
        return _control_character(text, unprintable)
    seen = _seen(error, text)
    for explain in _EXPLANATIONS:
        if found := explain(seen):
            return found
    hint = f"write it as `name: value`{_or_quoted(seen.line)}"
    return YamlFault("this line cannot be read", hint, seen.at)


def _seen(error: yaml.YAMLError, text: str) -> _Seen:
    said = f"{getattr(error, 'context', None) or ''} | {getattr(error, 'problem', None) or ''}"
    lines = text.split("\n")
    at = _position(getattr(error, "problem_mark", None), lines) or (0, 0)
    return _Seen(said, lines, at, _position(getattr(error, "context_mark", None), lines))


def _position(mark: Any, lines: list[str]) -> Position | None:
    """The mark's place; YAML's end of the text, one line further, is the end of the last line."""
    if mark is None:
        return None
    row: int = mark.line
    column: int = mark.column
    if row >= len(lines):
        return len(lines) - 1, len(lines[-1])
    return row, min(column, len(lines[row]))


def _control_character(text: str, found: re.Match[str]) -> YamlFault:
    before = text[: found.start()]
    at = (before.count("\n"), found.start() - before.rfind("\n") - 1)
    number = f"U+{ord(found[0]):04X}"
    message = f"the control character {number} stands here"
    return YamlFault(message, "delete it and type the text anew", at)


def _tab(seen: _Seen) -> YamlFault | None:
    indent = len(seen.line) - len(seen.line.lstrip())
    at = seen.line.find("\t", 0, indent)
    if at < 0 or seen.at[1] > indent:
        return None
    hint = "use spaces, two for each level"
    return YamlFault("this line is indented with a tab", hint, (seen.at[0], at))


def _unclosed_quote(seen: _Seen) -> YamlFault | None:
    if not re.search(r"quoted scalar.*(end of stream|document)", seen.said):
        return None
    at = seen.opened or seen.at
    hint = f"end the value with `{seen.character(at)}`"
    return YamlFault("the quote that begins here is never closed", hint, at)


def _bad_escape(seen: _Seen) -> YamlFault | None:
    if not re.search("quoted scalar.*(escape|hexadecimal)", seen.said):
        return None
    at = (seen.at[0], max(seen.line.rfind("\\", 0, seen.at[1] + 1), 0))
    message = "after a `\\` between double quotes comes a letter that it does not know"
    return YamlFault(message, "write `\\\\`, or put the value in single quotes", at)


def _brackets(seen: _Seen) -> YamlFault | None:
    if "parsing a flow" not in seen.said or seen.opened is None:
        return None
    row, column = seen.opened
    opener = seen.character(seen.opened)
    if opener not in _CLOSING:
        return None
    closer = _CLOSING[opener]
    if (here := seen.character(seen.at)) and here in "]}":
        message = f"what `{opener}` began ends with `{here}`"
        return YamlFault(message, f"end it with `{closer}`", seen.at)
    if seen.at[0] != row and closer not in seen.lines[row][column:]:
        return YamlFault(f"the `{opener}` is never closed", f"end it with `{closer}`", seen.opened)
    hint = "put a comma between items, and quotes around an item with a colon or a quote in it"
    return YamlFault(f"a comma or `{closer}` is missing before this", hint, seen.at)


def _bracket_at_the_end(seen: _Seen) -> YamlFault | None:
    """`tags: [` or `tags: [a,` with nothing behind it: YAML names the end of the text alone."""
    if "expected node content" not in seen.said or seen.character(seen.at):
        return None
    rest = "\n".join(seen.lines)
    while (shorter := _CLOSED.sub("", rest)) != rest:
        rest = shorter
    opener = max(rest.rfind("["), rest.rfind("{"))
    if opener < 0:
        return None
    sign = rest[opener]
    row = rest.count("\n", 0, opener)
    at = (row, seen.lines[row].rfind(sign))
    return YamlFault(f"the `{sign}` is never closed", f"end it with `{_CLOSING[sign]}`", at)


def _first_character(seen: _Seen) -> YamlFault | None:
    """A value that begins with a sign which YAML keeps for itself."""
    field = _FIELD.match(seen.line)
    value = (field and field["value"]) or ""
    if not field or not value or value[0] not in "@`%*&!|>?-,]}:":
        return None
    start = field.start("value")
    if "alias" not in seen.said and "anchor" not in seen.said and seen.at[1] > start + 2:
        return None
    sign = value[0]
    if value.startswith("- "):
        hint = f"write `{field['key']}: [{value[2:]}]`, or each `- item` on a line of its own"
        return YamlFault("a list cannot begin on its field's line", hint, (seen.at[0], start))
    message = f"a value cannot begin with {_SIGNS.get(sign, f'`{sign}`')}"
    return YamlFault(message, _quoted(seen.line), (seen.at[0], start))


def _item_first_character(seen: _Seen) -> YamlFault | None:
    if not re.search("start any token|alias|anchor", seen.said):
        return None
    at = seen.opened if seen.opened and seen.opened[0] == seen.at[0] else seen.at
    sign = seen.character(at)
    message = f"a value cannot begin with {_SIGNS.get(sign, f'`{sign}`')}"
    return YamlFault(message, "put it in quotes", at)


def _second_colon(seen: _Seen) -> YamlFault | None:
    if "mapping values" not in seen.said:
        return None
    before = seen.line[: seen.at[1]]
    if ": " in before:
        return YamlFault("a second `: ` stands on this line", _quoted(seen.line), seen.at)
    above = _above(seen.lines, seen.at[0])
    if above is None:
        return None
    if squeezed := re.match(r"\s*([\w-]+):(?=\S)", seen.lines[above]):
        hint = f"write `{squeezed[1]}: {seen.lines[above][squeezed.end() :].strip()}`"
        return YamlFault("a space is missing after the colon", hint, (above, squeezed.end() - 1))
    indent = len(before) - len(before.lstrip())
    name = before.strip()
    hint = f"begin `{name}` in the column in which the fields above begin"
    return YamlFault(f"`{name}` is indented below a value", hint, (seen.at[0], indent))


def _no_colon(seen: _Seen) -> YamlFault | None:
    if "simple key" not in seen.said:
        return None
    row, column = seen.opened or seen.at
    hint = "write `name: value`; a value that goes on from the line above is indented"
    return YamlFault("this line has no `: `", hint, (row, column))


def _text_after_closing(seen: _Seen) -> YamlFault | None:
    """`title: 'it's May'` and `title: [Call] for talks`."""
    before = seen.line[: seen.at[1]].rstrip()
    field = _FIELD.match(seen.line)
    if "expected" not in seen.said or not field or not field["value"] or not before:
        return None
    if field["value"][0] not in "'\"[{" or before[-1] not in "'\"]}":
        return None
    message = f"text follows the closing `{before[-1]}`"
    return YamlFault(message, _quoted(seen.line), seen.at)


def _indentation(seen: _Seen) -> YamlFault | None:
    """A line that begins in a column where nothing above begins."""
    before = seen.line[: seen.at[1]]
    above = _above(seen.lines, seen.at[0])
    if "expected" not in seen.said or before.strip() or above is None:
        return None
    if "document start" in seen.said:
        return _first_line(seen)
    if seen.line.lstrip().startswith("- "):
        hint = "begin every `- item` of a list in one column, below the list's own field"
        return YamlFault("this item stands in no list", hint, seen.at)
    if re.search("'-'|block (collection|sequence)", seen.said):
        message = "this line is neither an item nor part of one"
        return YamlFault(message, "begin it with `- `", seen.at)
    hint = "begin it in the same column as the fields that it belongs to"
    return YamlFault("this line's indentation fits nothing above it", hint, seen.at)


def _first_line(seen: _Seen) -> YamlFault:
    first = next((i for i, line in enumerate(seen.lines) if line.strip()), 0)
    if seen.lines[first].startswith(" "):
        return YamlFault("the first field is indented", "begin every field in column 1", (first, 0))
    marks = (i for i, line in enumerate(seen.lines) if re.match(r"\.\.\.|%", line))
    special = next(marks, seen.at[0])
    message = f"`{seen.lines[special].strip()[:_SHOWN]}` is not a field"
    return YamlFault(message, "delete this line", (special, 0))


def _above(lines: list[str], row: int) -> int | None:
    return next((i for i in range(row - 1, -1, -1) if lines[i].strip()), None)


def _or_quoted(line: str) -> str:
    return ", and put the value in quotes" if _FIELD.match(line) else ""


def _quoted(line: str) -> str:
    """The hint that shows the line as it should be, its value in quotes."""
    field = _FIELD.match(line)
    value = _unquoted(field["value"]) if field and field["value"] else ""
    if not field or not value or len(line) > _SHOWN:
        return "put the whole value in quotes"
    single = '"' in value or "\\" in value
    written = "'" + value.replace("'", "''") + "'" if single else f'"{value}"'
    return f"put the value in quotes: `{field['key']}: {written}`"


def _unquoted(value: str) -> str:
    whole = len(value) > 1 and value[0] in "'\"" and value[-1] == value[0]
    return value[1:-1] if whole else value


_EXPLANATIONS: tuple[Callable[[_Seen], YamlFault | None], ...] = (
    _tab,
    _unclosed_quote,
    _bad_escape,
    _brackets,
    _bracket_at_the_end,
    _first_character,
    _item_first_character,
    _text_after_closing,
    _second_colon,
    _no_colon,
    _indentation,
)
