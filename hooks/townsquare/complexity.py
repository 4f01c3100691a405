"""What no real text holds so much of that converting it would take for ever.

Python-Markdown takes quadratic time for some marks that are never closed, and recurses for what
nests. Each bound was measured: a body just inside any of them converts within about two seconds,
and the largest of 900 posts of a real community (173 KB) holds at most half of any of them. Counted
in code as well, so that nothing hides there. Time is linear.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

MAX_CHARACTERS = 256 * 1024
MAX_LINES = 10_000
MAX_LINES_TOGETHER = 2_000
MAX_DEPTH = 50
# What is counted: its name, characters that are quickly counted, the mark itself, how many fit.
_MARKS: tuple[tuple[str, str, str, int], ...] = (
    ("`[`", "[", r"\[", 2_500),
    ("`![`", "![", r"!\[", 1_000),
    ("backticks", "`", "`", 5_000),
    ("`\\`", "\\", r"\\", 10_000),
    ("`&`", "&", "&", 10_000),
    ("`*`", "*", r"\*", 20_000),
    ("`^`", "^", r"\^", 20_000),
    ("`++`", "++", r"\+\+", 20_000),
    ("HTML tags", "<", r"<[a-zA-Z/]", 10_000),
    ("`<` without `>`", "<", r"<(?=[a-zA-Z/][^<>]*(?:<|\Z))", 1_000),
    ("`<!` and `<?`", "<", r"<(?:!(?!--)|\?)", 100),
    ("comments", "<!--", "<!--", 1_000),
    ("abbreviations", "*[", r"^ {0,3}\*\[", 300),
)
_DEEP = re.compile(
    rf"[ \t>]*?(?:(?: {{4}}|\t|>[ \t]?|[-*+][ \t]+|\d{{1,9}}[.)][ \t]+)){{{MAX_DEPTH + 1}}}"
)


@dataclass(frozen=True, slots=True)
class Excess:
    """What there is too much of, and where in the text the first too many stands."""

    message: str
    hint: str
    start: int
    end: int


def excess(text: str) -> Excess | None:
    """The first bound that the text breaks, or nothing."""
    if len(text) > MAX_CHARACTERS:
        message = f"the text has {len(text)} characters, at most {MAX_CHARACTERS} fit"
        return Excess(message, "split it into several pages", 0, 1)
    if text.count("\n") > MAX_LINES:
        message = f"the text has more than {MAX_LINES} lines"
        return Excess(message, "split it into several pages", 0, 1)
    for name, characters, mark, most in _MARKS:
        if text.count(characters) <= most:
            continue
        if too_many := _nth(re.finditer(mark, text, re.MULTILINE), most):
            message = f"the text holds more than {most} {name}"
            return Excess(message, "split it into several pages, or attach it as a file", *too_many)
    return _shape(text)


def too_deep(start: int = 0, end: int = 1) -> Excess:
    """The fault of a text that nests beyond what the converter can follow."""
    hint = "write it flatter: fewer lists, quotes and boxes within each other"
    return Excess("the text nests too deeply", hint, start, end)


def _shape(text: str) -> Excess | None:
    """The first line that nests too deeply, or that too many stand before without a gap."""
    start = together = 0
    for line in text.split("\n"):
        together = together + 1 if line and not line.isspace() else 0
        if together > MAX_LINES_TOGETHER:
            message = f"more than {MAX_LINES_TOGETHER} lines stand together without an empty line"
            return Excess(message, "part them by empty lines", start, start + len(line))
        if len(line) > MAX_DEPTH and together and (found := _DEEP.match(line)):
            return too_deep(start, start + found.end())
        start += len(line) + 1
    return None


def _nth(found: Iterable[re.Match[str]], most: int) -> tuple[int, int] | None:
    """The span of the match after `most` others."""
    return next((each.span() for each in islice(found, most, None)), None)
