"""Problems, written for a person at a terminal, for a forge, or for another program."""

from __future__ import annotations

import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from townsquare.formats.github import as_github
from townsquare.formats.gitlab import as_gitlab
from townsquare.formats.own_json import as_json
from townsquare.formats.sarif import as_sarif
from townsquare.formats.text import as_text, counted
from townsquare.problems import Problem, Severity

__all__ = [
    "FORMATS",
    "as_github",
    "as_gitlab",
    "as_json",
    "as_sarif",
    "as_text",
    "counted",
    "write",
    "written",
]

FORMS: dict[str, Callable[[Sequence[Problem]], str]] = {
    "github": as_github,
    "gitlab": as_gitlab,
    "sarif": as_sarif,
    "json": as_json,
}
FORMATS = ("text", *FORMS)
NOTICES_SHOWN = 5
"""How many notices of one code a person gets to read: advice on every old file hides the faults."""


def written(form: str, problems: Sequence[Problem], root: Path, *, colour: bool = False) -> str:
    """The problems in one of `FORMATS`. `root` is the community's folder.

    Text ends with the counts, and is empty where there are no problems; of many notices of one code
    it has the first and says how many there are. Colour is for the text of a terminal alone.
    """
    if form != "text":
        return FORMS[form](problems)
    if not problems:
        return ""
    shown, more = _shown(problems)
    lines = (*_left_out(more), counted(problems))
    return as_text(shown, root, colour=colour) + "".join(f"{line}\n" for line in lines)


def _shown(problems: Sequence[Problem]) -> tuple[list[Problem], Counter[str]]:
    """What text shows, and how many notices of which code, by its label, it does not."""
    shown: list[Problem] = []
    count: Counter[str] = Counter()
    for each in problems:
        is_notice = each.severity is Severity.NOTICE
        count[each.label] += is_notice
        if not is_notice or count[each.label] <= NOTICES_SHOWN:
            shown.append(each)
    return shown, count - Counter(dict.fromkeys(count, NOTICES_SHOWN))


def _left_out(more: Counter[str]) -> Iterator[str]:
    for label, n in sorted(more.items()):
        yield f"{n} more notice{'s' * (n > 1)} like these [{label}]: `--format json` lists them"


def write(problems: Sequence[Problem], root: Path, form: str) -> None:
    """The problems stand on standard output, in colour on a terminal unless NO_COLOR is set.

    What the terminal's encoding cannot show becomes `?` (https://no-color.org).
    """
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    text = written(form, problems, root, colour=colour)
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
