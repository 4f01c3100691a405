"""Problems for people: place, fault, code, the line itself with the spot underlined, a hint."""

from __future__ import annotations

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from townsquare.problems import Place, Problem, Severity
from townsquare.source import normalise_newlines

WIDTH = 100
MAX_SOURCE_BYTES = 1024 * 1024
_TAB = 4
_BEFORE = 40
_FAR = 400
_COLOURS = {Severity.ERROR: "1;31", Severity.WARNING: "1;33", Severity.NOTICE: "1;36"}
_UNSEEN = frozenset(("Cc", "Cf", "Cs", "Zl", "Zp"))
_JOINERS = "\u200c\u200d"

Lines = Callable[[str], Sequence[str]]
Paint = Callable[[str, str], str]


def as_text(problems: Iterable[Problem], root: Path, *, colour: bool = False) -> str:
    """Each problem with its source line, as `STYLE` shows it; paths are relative to `root`."""
    lines = _lines_below(root)
    paint = _painted if colour else _plain
    return "".join(_problem(each, lines, paint) for each in problems)


def counted(problems: Iterable[Problem]) -> str:
    """`2 errors, 1 warning`; nothing where there are none."""
    found = [each.severity for each in problems]
    counts = ((found.count(severity), severity.word) for severity in Severity)
    return ", ".join(f"{n} {word}{'s' * (n > 1)}" for n, word in counts if n)


def visible(text: str) -> str:
    """The text on one line, with nothing in it that a terminal or a reader's eye could obey.

    Control and format characters are shown as `�`: a message quotes what authors wrote, and a
    log line that begins with `::` is a command on GitHub.
    """
    return "".join(
        "\ufffd" if unicodedata.category(c) in _UNSEEN and c not in _JOINERS else c for c in text
    )


def _plain(text: str, _style: str) -> str:
    return text


def _painted(text: str, style: str) -> str:
    return f"\x1b[{style}m{text}\x1b[0m"


def _problem(problem: Problem, lines: Lines, paint: Paint) -> str:
    place, style = problem.place, _COLOURS[problem.severity]
    where = paint(f"{visible(place.path)}:{place.line}:{place.column}", "1")
    severity = paint(f"{problem.severity.word}:", style)
    written = [f"{where}: {severity} {visible(problem.message)} [{problem.label}]"]
    source = lines(place.path)
    if place.line <= len(source):
        written += _excerpt(source[place.line - 1], place, lambda text: paint(text, style))
    if problem.hint:
        written.append(f"  {paint('hint:', '1')} {visible(problem.hint)}")
    return "\n".join(written) + "\n"


def _excerpt(line: str, place: Place, paint: Callable[[str], str]) -> list[str]:
    shown = _windowed(line, place)
    gutter = f"{place.line:>3}"
    carets = " " * shown.before + paint("^" * shown.width)
    return [f"{gutter} | {shown.text}".rstrip(), f"{'':{len(gutter)}} | {carets}"]


class _Window(NamedTuple):
    """The part of a line that is shown; `before` and `width` place the carets, in columns."""

    text: str
    before: int
    width: int


def _windowed(line: str, place: Place) -> _Window:
    """At most `WIDTH` columns of the line, the spot among them, `…` where more follows."""
    line = line.rstrip()
    first = min(place.column - 1, len(line))
    # A line may be 256 KB long, with a thousand faults in it: what is far off is not measured.
    before, after = max(0, first - _FAR), len(line) > first + _FAR
    line, first = line[before : first + _FAR], first - before
    last = max(min(first + place.width, len(line)), first + 1)
    cells = [_cell(character) for character in line]
    starts = [0, *accumulate(columns for _, columns in cells)]
    starts.append(starts[-1] + 1)
    fits = not before and not after and starts[len(line)] <= WIDTH
    left = 0 if fits else bisect_left(starts, max(0, starts[first] - _BEFORE))
    right = min(bisect_right(starts, starts[left] + WIDTH) - 1, len(line))
    cut, more = "…" if left or before else "", "…" if right < len(line) or after else ""
    text = cut + "".join(shown for shown, _ in cells[left:right]) + more
    width = min(starts[last], starts[left] + WIDTH) - starts[first]
    return _Window(text, len(cut) + starts[first] - starts[left], max(1, width))


def _cell(character: str) -> tuple[str, int]:
    """What a terminal shows of a character, and how many columns it takes."""
    if character == "\t":
        return " " * _TAB, _TAB
    if character in _JOINERS or unicodedata.category(character) in ("Mn", "Me"):
        return character, 0
    wide = unicodedata.east_asian_width(character) in "WF"
    return visible(character), 2 if wide else 1


def _lines_below(root: Path) -> Lines:
    """Reads lines of files in this folder; of anything else, and of links, none."""
    inside = root.resolve()

    @cache
    def lines(path: str) -> Sequence[str]:
        file = inside / path
        try:
            # A link could bring a file of the build machine into a public log.
            inner = file.is_relative_to(inside) and file.resolve() == file
            if not (inner and file.is_file()) or file.stat().st_size > MAX_SOURCE_BYTES:
                return ()
            return normalise_newlines(file.read_bytes().decode()).split("\n")
        except (OSError, ValueError):
            return ()

    return lines
