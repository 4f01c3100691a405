"""Problems, written for a person at a terminal, for a forge, or for another program."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path

from townsquare.formats.text import as_text, counted, visible
from townsquare.problems import Problem, Severity

__all__ = ["FORMATS", "as_text", "counted", "write", "written"]

FORMS = {"github": "github", "gitlab": "gitlab", "sarif": "sarif", "json": "own_json"}
"""The module of each form that a program reads: imported for who asks for it."""
FORMATS = ("text", *FORMS)
NOTICES_SHOWN = 5
"""How many notices of one code a person gets to read: advice on every old file hides the faults."""
FAULTS_SHOWN = 50
"""How many errors, and how many warnings, of one file: a broken export must not bury the others."""

_MOST = {"notice": NOTICES_SHOWN, "warning": FAULTS_SHOWN, "error": FAULTS_SHOWN}


def written(form: str, problems: Sequence[Problem], root: Path, *, colour: bool = False) -> str:
    """The problems in one of `FORMATS`. `root` is the community's folder.

    Text ends with the counts, and is empty where there are no problems. Of many notices of a code,
    and of many faults of a file, it has the first and says how many there are. Colour is for the
    text of a terminal alone.
    """
    if form != "text":
        return import_module(f"{__name__}.{FORMS[form]}").written(problems)
    if not problems:
        return ""
    shown, more = _shown(problems)
    lines = (*_left_out(more), counted(problems))
    return as_text(shown, root, colour=colour) + "".join(f"{line}\n" for line in lines)


def _shown(problems: Sequence[Problem]) -> tuple[list[Problem], Counter[tuple[str, str]]]:
    """What text shows, and how much more there is of the same, by what it is and of whom."""
    shown: list[Problem] = []
    count: Counter[tuple[str, str]] = Counter()
    for each in problems:
        kind = _kind(each)
        count[kind] += 1
        if count[kind] <= _MOST[kind[0]]:
            shown.append(each)
    return shown, count - Counter({kind: _MOST[kind[0]] for kind in count})


def _kind(each: Problem) -> tuple[str, str]:
    if each.severity is Severity.NOTICE:
        return "notice", f"like these [{each.label}]"
    return each.severity.word, f"in {visible(each.place.path)}"


def _left_out(more: Counter[tuple[str, str]]) -> Iterator[str]:
    for (what, whose), n in sorted(more.items()):
        yield f"{n} more {what}{'s' * (n > 1)} {whose}: `--format json` lists them"


def write(problems: Sequence[Problem], root: Path, form: str) -> None:
    """The problems stand on standard output, in colour on a terminal unless NO_COLOR is set.

    What the terminal's encoding cannot show becomes `?` (https://no-color.org).
    """
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    text = written(form, problems, root, colour=colour)
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
