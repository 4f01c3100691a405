"""What is wrong with content: a problem, its place, its severity and one thing to do.

Faults in content are values, collected and sorted; exceptions are for a broken set-up and for
our own bugs. The one exception is `Fault`, which the small parsers of single values raise and
which validation turns into a `Problem` at the value's place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import IntEnum
from types import MappingProxyType
from typing import NamedTuple

from townsquare.codes import CODES

NOWHERE: Mapping[str, str] = MappingProxyType({})


class Severity(IntEnum):
    """How a problem counts: errors stop a build, warnings do so when strict, notices never do."""

    ERROR = 0
    WARNING = 1
    NOTICE = 2

    @property
    def word(self) -> str:
        """As it is printed and as settings name it."""
        return self.name.lower()


class Place(NamedTuple):
    """Where something stands: line and column from 1, in characters; `width` is underlined."""

    path: str
    line: int = 1
    column: int = 1
    width: int = 1


class Problem(NamedTuple):
    """One fault, ordered by place. `code` is a key of `codes.CODES`, which gives its severity."""

    place: Place
    severity: Severity
    code: str
    message: str
    hint: str = ""

    @property
    def label(self) -> str:
        """The code as it is printed and typed: `ends-before-start`."""
        return self.code.replace("_", "-")


class Fault(ValueError):
    """A value that its parser refuses: the code, what is wrong and one thing to do."""

    def __init__(self, code: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.hint = hint


class SetupError(Exception):
    """Something around the content is broken (folders, tools, the network): exit code 2."""


def problem(code: str, place: Place, message: str, hint: str = "") -> Problem:
    """A problem with the severity that its code has by default."""
    return Problem(place, Severity[CODES[code].severity.upper()], code, message, hint)


def severities_applied(
    problems: Iterable[Problem],
    *,
    moved: Mapping[str, str],
    strict: bool,
    told_by: Mapping[str, str] = NOWHERE,
) -> list[Problem]:
    """The problems sorted by place, each once, with severities moved by settings and `--strict`.

    Where `told_by` knows for a code where its rule is read, the hint ends with that.
    """
    found: set[Problem] = set()
    for each in problems:
        if where := told_by.get(each.code):
            each = each._replace(hint=f"{each.hint}; see {where}" if each.hint else f"see {where}")
        name = moved.get(each.code)
        severity = Severity[name.upper()] if name else each.severity
        if strict and severity is Severity.WARNING:
            severity = Severity.ERROR
        found.add(each._replace(severity=severity))
    return sorted(found)


def did_you_mean(wrong: str, known: Iterable[str]) -> str:
    """A hint's first sentence naming the nearest known word, or nothing."""
    # Words are compared where one is wrong, and seldom is one.
    from difflib import get_close_matches

    near = get_close_matches(wrong, sorted(known), n=1, cutoff=0.6)
    return f"did you mean `{near[0]}`? " if near else ""
