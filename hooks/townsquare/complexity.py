"""What no real text holds so much of that converting it would take for ever.

Python-Markdown takes quadratic time for marks that are never closed, and recurses for what nests.
`excess` counts in the source, before anything is parsed, also in code, so that nothing hides there;
`inline_steps` foretells for a single paragraph what its marks will cost. Both take linear time. The
bounds were measured: a body just inside them converts within a few seconds, and no body of a real
community of 900 posts (the largest has 173 KB) comes near.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

from townsquare.values import value

MAX_CHARACTERS = 256 * 1024
MAX_LINES = 10_000
MAX_LINES_TOGETHER = 2_000
MAX_DEPTH = 50
# What is counted: its name, characters that are quickly counted, the mark itself, how many fit.
_MARKS: tuple[tuple[str, str, str, int], ...] = (
    ("`[`", "[", r"\[", 10_000),
    ("`![`", "![", r"!\[", 5_000),
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
    ("footnotes", "[^", r"\[\^", 1_500),
    ("abbreviations", "*[", r"^ {0,3}\*\[", 300),
)
MAX_INLINE_STEPS = 10_000_000
# What `surely_fits` counts, in UTF-8: few enough for each bound even if all are of one kind.
_COUNTED = b"[`\\&*_^~=+<"
_MOST_COUNTED = 300
_DEEP = re.compile(r"\n(?=[ \t>*+.)\d-]{24})(?:[ \t>]|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t])){24}")
_SHORT = 1_000
_PAIRS = re.compile(r"[\[\]]")
_TARGETS = re.compile(r"(?<=\])\(|\)")
_DELIMITERS = re.compile(r"[*_^~=]+")
_OTHER_MARKS = re.compile(r"[\\`<&+]")
# Possessive: a prefix is read once, whatever follows.
_PREFIX = re.compile(r"(?:[ \t>]|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t]))*+")
_NESTING = re.compile(r"[-*+>]|\d[.)]|\t| {4}")


@value
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
        # The first comparison spares a short text the count.
        if len(text) // len(characters) <= most or text.count(characters) <= most:
            continue
        if too_many := _nth(re.finditer(mark, text, re.MULTILINE), most):
            message = f"the text holds more than {most} {name}"
            return Excess(message, "split it into several pages, or attach it as a file", *too_many)
    return _shape(text)


class TooManySteps(Exception):
    """A paragraph would take too long. Its text is the argument."""


def surely_fits(text: str) -> bool:
    """Whether so little stands in the text that no bound can be broken, told twenty times sooner.

    Neither `excess` nor `inline_steps` nor Python's own limit of recursion; nothing is said of a
    text that is not sure to fit.
    """
    if len(text) > MAX_CHARACTERS or text.count("\n") > MAX_LINES_TOGETHER:
        return False
    data = text.encode("utf-8", "surrogatepass")
    marks = len(data) - len(data.translate(None, _COUNTED))
    if marks > _MOST_COUNTED or text.count("<") > 100 or _DEEP.search("\n" + text):
        return False
    return _most_steps(text, marks) < MAX_INLINE_STEPS


def _most_steps(text: str, marks: int) -> int:
    """More steps than the inline patterns can take on all paragraphs of the text together.

    As if it were one paragraph in which no bracket closes. It is counted once as it is, and at most
    three times after patterns have matched, when a mark may have become a placeholder.
    """
    size = len(text) + 10 * marks
    brackets = 2 * text.count("[") * size
    return 4 * (3 * brackets + 6 * marks**2 + 6 * marks * size // 50)


def inline_steps(text: str) -> int:
    """About how many steps of 0.1 µs the inline patterns will take on a paragraph's text.

    Every opening bracket is followed to its end, and every run of delimiters to every later one;
    each match copies the text.
    """
    if len(text) < _SHORT:
        return 0
    brackets = _distance(_PAIRS, "[", text) + _distance(_TARGETS, "(", text)
    delimiters = sum(1 for _ in _DELIMITERS.finditer(text))
    others = sum(1 for _ in _OTHER_MARKS.finditer(text)) + 5 * text.count("\\(")
    return 3 * brackets + 6 * delimiters**2 + others * len(text) // 50


def _distance(marks: re.Pattern[str], opening: str, text: str) -> int:
    """How far it is from all opening marks to where they close, or to the text's end, in all."""
    total, open_at = 0, list[int]()
    for found in marks.finditer(text):
        if found[0] == opening:
            open_at.append(found.start())
        elif open_at:
            total += found.start() - open_at.pop()
    return total + sum(len(text) - start for start in open_at)


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
        # A letter begins nothing that nests.
        may_nest = len(line) > MAX_DEPTH and together and not line[0].isalpha()
        if may_nest and (deep := _depth_exceeded(line)):
            return too_deep(start, start + deep)
        start += len(line) + 1
    return None


def _depth_exceeded(line: str) -> int:
    """Where the line's prefix ends if it nests too deeply, else 0."""
    found = _PREFIX.match(line)
    prefix = found[0] if found else ""
    deep = len(prefix) > MAX_DEPTH and len(_NESTING.findall(prefix)) > MAX_DEPTH
    return len(prefix) if deep else 0


def _nth(found: Iterable[re.Match[str]], most: int) -> tuple[int, int] | None:
    """The span of the match after `most` others."""
    return next((each.span() for each in islice(found, most, None)), None)
