"""Problems, written for a person at a terminal, for a forge, or for another program."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from townsquare.formats.github import as_github
from townsquare.formats.gitlab import as_gitlab
from townsquare.formats.own_json import as_json
from townsquare.formats.sarif import as_sarif
from townsquare.formats.text import as_text, counted
from townsquare.problems import Problem

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


def written(form: str, problems: Sequence[Problem], root: Path, *, colour: bool = False) -> str:
    """The problems in one of `FORMATS`. `root` is the community's folder.

    Text ends with the counts, and is empty where there are no problems. Colour is for the text of
    a terminal alone.
    """
    if form != "text":
        return FORMS[form](problems)
    return f"{as_text(problems, root, colour=colour)}{counted(problems)}\n" if problems else ""


def write(problems: Sequence[Problem], root: Path, form: str) -> None:
    """The problems stand on standard output, in colour on a terminal unless NO_COLOR is set.

    What the terminal's encoding cannot show becomes `?` (https://no-color.org).
    """
    colour = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    text = written(form, problems, root, colour=colour)
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(text.encode(encoding, "replace").decode(encoding))
