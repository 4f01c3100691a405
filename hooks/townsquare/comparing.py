"""A change held against what it grew from: what it is to blame for, and what it does for readers.

In the form `github` the list goes to the step's summary, as Markdown, where GitHub names a file for
it, and else to standard output after the problems; as `json` both are one object.
https://docs.github.com/actions/reference/workflow-commands-for-github-actions
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from townsquare import build, cache, effects, formats, layout
from townsquare import changes as since
from townsquare.effects import Effects, written
from townsquare.formats import own_json
from townsquare.problems import Problem
from townsquare.values import value

SUMMARY = "GITHUB_STEP_SUMMARY"


@value
class Compared:
    """The problems of a change, and what it does, where that was asked."""

    problems: tuple[Problem, ...]
    effects: Effects | None = None


def compared(
    root: Path,
    base: str,
    found: Sequence[Problem],
    *,
    now: datetime,
    strict: bool,
    changes: bool,
) -> Compared:
    """Those of the problems `found` that are the change's, and with `changes` what it does."""
    kept = cache.Cache(root / layout.CACHE)
    with since.before(root, base, now=now, strict=strict, cache=kept) as before:
        after = build.check(root, now=now, strict=strict, cache=kept)
        own = since.blamed(before, found, after.library, strict=strict)
        told = effects.between(before.checked, after) if changes else None
    kept.save(tidy=False)
    return Compared(own, told)


def write(compared: Compared, root: Path, form: str) -> tuple[Problem, ...]:
    """Problems and effects stand where the form wants them; gives the problems."""
    told = compared.effects
    if told is None:
        formats.write(compared.problems, root, form)
    elif form == "json":
        report = json.loads(own_json.written(compared.problems))
        report["changes"] = written.as_data(told)
        sys.stdout.write(json.dumps(report, indent=2) + "\n")
    else:
        formats.write(compared.problems, root, form)
        _write_list(told, form, after=bool(compared.problems))
    return compared.problems


def _write_list(told: Effects, form: str, *, after: bool) -> None:
    summary = os.environ.get(SUMMARY)
    if form == "github" and summary:
        with Path(summary).open("a", encoding="utf-8", newline="\n") as file:
            file.write(written.as_markdown(told))
        return
    text = written.as_markdown(told) if form == "github" else written.as_text(told)
    encoding = sys.stdout.encoding or "utf-8"
    text = text.encode(encoding, "replace").decode(encoding)
    sys.stdout.write("\n" * after + text)
