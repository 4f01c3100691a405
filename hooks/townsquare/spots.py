"""Where in a body's source its link targets, raw HTML and attribute lists stand.

A conversion says which links there are; this says where each was typed. Code is left out, so that
an example of a link is not taken for one.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from functools import cached_property
from html import unescape
from operator import attrgetter

from townsquare.patterns import pattern
from townsquare.values import value

_LINE_END = pattern("\n")
_FENCE = pattern(r"[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)?(?P<fence>`{3,}|~{3,})(?P<info>.*)")
_CONTAINER = pattern(r" {0,3}(?:[-*+][ \t]|\d+[.)][ \t]|!!!|\?\?\?|===|\[\^|:[ \t]|>)")
_INDENTED = pattern(r"\n(?: {4}|\t)[^\S\n]*\S")
_TAG_LENGTH = 2000
_BACKTICKS = pattern(r"(?<!\\)`+")
_INLINE = pattern(
    r"\]\([ \t]*(?:\n[ \t]*)?"
    r"(?:<(?P<angled>[^<>\n]*)>|(?P<inline>(?:[^()\n]|\n(?![ \t]*\n)|\([^()\n]*\))*))"
)
_DEFINED = pattern(r"^ {0,3}\[[^\]\n]*\]:[ \t]*(?:\n[ \t]*)?<?(?P<defined>[^\s<>]+)", re.MULTILINE)
_AUTOMATIC = pattern(r"<(?P<auto>[A-Za-z][A-Za-z0-9+.-]*:[^<>\s]*|[^<>\s@!\"'=]+@[^<>\s@]+)>")
_IN_TAG = pattern(
    r"""(?<![\w-])(?:href|src)[ \t]*=[ \t\n]*"""
    r"""(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s"'>]+))""",
    re.IGNORECASE,
)
_ESCAPE = pattern(r"\\([\\`*_{}\[\]()>#+.!~^=\-])")
_TAG = pattern(r"<(?P<tag>[a-zA-Z][^\s<>/]*)(?P<rest>(?:[^<>\"']|\"[^\"]*\"|'[^']*')*)>?")
_LISTED = pattern(r"\{(?P<rest>[^{}\n]*)\}")
_ATTRIBUTE = pattern(
    r"""(?<![^\s"'/{])(?P<name>[^\s"'<>/={}]++)\s*+=\s*+(?:"[^"]*"|'[^']*'|[^\s"'<>{}]*)"""
)


@value
class Spot:
    """A stretch of a file's line. Lines and columns count from 1."""

    line: int
    column: int
    width: int


@value
class Target:
    """An address as typed, its escapes and entities resolved. `tag` is the raw tag around it."""

    address: str
    start: int
    end: int
    tag: str = ""


def with_targets(body: str, changed: Callable[[str], str]) -> str:
    """The body with another address in each of its links and images."""
    pieces: list[str] = []
    done = 0
    for target in sorted(Spots(body, 1).targets, key=lambda each: each.start):
        if target.start >= done:
            pieces += (body[done : target.start], changed(body[target.start : target.end]))
            done = target.end
    return "".join([*pieces, body[done:]])


class Spots:
    """What stands where in one body, whose first line is the file's line `first_line`."""

    def __init__(self, text: str, first_line: int) -> None:
        self.text = text
        self.first_line = first_line

    @cached_property
    def _starts(self) -> list[int]:
        ends = [found.end() for found in _LINE_END.finditer(self.text)]
        return [0, *ends, len(self.text) + 1]

    @cached_property
    def prose(self) -> str:
        """The text with code and comments blanked, character by character."""
        return without_code(self.text)

    @cached_property
    def targets(self) -> list[Target]:
        """Every address of a link or image, in the order of the source."""
        return _targets(self.prose)

    def at(self, start: int, end: int) -> Spot:
        """The place of the characters from `start` to `end`, or to the end of their first line."""
        row = bisect_right(self._starts, start) - 1
        column = start - self._starts[row]
        stop = min(end, self._starts[row + 1] - 1)
        return Spot(self.first_line + row, column + 1, max(1, stop - start))

    def tags(self) -> Iterator[tuple[str, int, str]]:
        """Raw HTML tags outside code: the name, where it begins, and what follows the name."""
        for found in _TAG.finditer(self.prose):
            yield found["tag"], found.start("tag"), found["rest"]

    def attribute_lists(self) -> Iterator[tuple[int, str]]:
        """What stands in `{: … }` and `{ … }`, and where."""
        for found in _LISTED.finditer(self.text):
            yield found.start("rest"), found["rest"]


def attributes(text: str) -> Iterator[tuple[str, int]]:
    """The names before `=` in a tag or an attribute list, lower case, and where they begin."""
    for found in _ATTRIBUTE.finditer(text):
        yield found["name"].lower(), found.start("name")


def _targets(prose: str) -> list[Target]:
    found = list(_INLINE.finditer(prose))
    if "]:" in prose:
        found += _DEFINED.finditer(prose)
    if "<" in prose:
        found += [*_AUTOMATIC.finditer(prose), *_IN_TAG.finditer(prose)]
    return sorted((_target(each, prose) for each in found), key=attrgetter("start"))


def _target(found: re.Match[str], prose: str) -> Target:
    kind = found.lastgroup or "inline"
    start, typed = found.start(kind), found[kind]
    if kind == "inline":
        typed = _without_title(typed)
    address = unescape(_ESCAPE.sub(r"\1", typed) if kind in ("inline", "angled") else typed)
    if kind == "auto" and ":" not in address:
        address = f"mailto:{address}"
    tag = _tag_around(prose, start) if kind in ("double", "single", "bare") else ""
    return Target(address.replace("\n", "").strip(), start, start + len(typed), tag)


def _without_title(typed: str) -> str:
    """`a.md` of `a.md "Title"`."""
    typed = typed.rstrip()
    if typed[-1:] in ('"', "'"):
        opening = typed.rfind(typed[-1], 0, -1)
        if opening > 0 and typed[opening - 1] in " \t":
            return typed[:opening].rstrip()
    return typed


def _tag_around(prose: str, at: int) -> str:
    start = prose.rfind("<", max(0, at - _TAG_LENGTH), at)
    return prose[start : prose.find(">", at, at + _TAG_LENGTH)] if start >= 0 else ""


def without_code(text: str) -> str:
    """The text with fenced, indented and inline code and comments blanked; lines stay."""
    text = _without_comments(text)
    if "```" in text or "~~~" in text:
        lines = text.split("\n")
        _blank_fences(lines)
        text = "\n".join(lines)
    if _INDENTED.search("\n" + text):
        lines = text.split("\n")
        _blank_indented(lines)
        text = "\n".join(lines)
    return _without_spans(text) if "`" in text else text


def _without_comments(text: str) -> str:
    pieces: list[str] = []
    done = 0
    while (start := text.find("<!--", done)) >= 0 and (end := text.find("-->", start + 4)) >= 0:
        pieces += [text[done:start], _blank(text[start : end + 3])]
        done = end + 3
    return "".join([*pieces, text[done:]])


def _blank(text: str) -> str:
    return "\n".join([" " * len(line) for line in text.split("\n")])


def _blank_fences(lines: list[str]) -> None:
    """Blank what stands between a fence and the next one like it; an unclosed fence is text."""
    closers: dict[str, list[int]] = {}
    marked = [n for n, line in enumerate(lines) if "```" in line or "~~~" in line]
    for number in marked:
        bare = lines[number].strip(" \t>")
        if bare[:3] in ("```", "~~~") and bare == bare[0] * len(bare):
            closers.setdefault(bare, []).append(number)
    done = 0
    for number in marked:
        found = _FENCE.match(lines[number])
        if number < done or not found or "`" in found["info"]:
            continue
        ends = closers.get(found["fence"], [])
        at = bisect_right(ends, number)
        if at < len(ends):
            done = ends[at] + 1
            lines[number:done] = [" " * len(each) for each in lines[number:done]]


def _blank_indented(lines: list[str]) -> None:
    """Blank lines indented by four after an empty line, unless a list or a box holds them."""
    held, before = False, ""
    code = False
    for number, line in enumerate(lines):
        if not line.strip():
            before = ""
            continue
        indented = line.startswith(("    ", "\t"))
        code = indented and not held and (code or not before)
        if code:
            lines[number] = " " * len(line)
        elif not indented and (not before or _CONTAINER.match(line)):
            held = bool(_CONTAINER.match(line))
        before = line


def _without_spans(text: str) -> str:
    """Blank inline code: from a run of backticks to the next as long, within a paragraph."""
    blocks = re.split(r"(\n[ \t]*\n)", text)
    return "".join(_block_without_spans(each) if "`" in each else each for each in blocks)


def _block_without_spans(block: str) -> str:
    runs = [found.span() for found in _BACKTICKS.finditer(block)]
    by_length: dict[int, list[int]] = {}
    for number, (start, end) in enumerate(runs):
        by_length.setdefault(end - start, []).append(number)
    pieces: list[str] = []
    done = number = 0
    while number < len(runs):
        start, end = runs[number]
        alike = by_length[end - start]
        at = bisect_right(alike, number)
        if at == len(alike):
            number += 1
            continue
        stop = runs[alike[at]][1]
        pieces += [block[done:start], _blank(block[start:stop])]
        done, number = stop, alike[at] + 1
    return "".join([*pieces, block[done:]])
