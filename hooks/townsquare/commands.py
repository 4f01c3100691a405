"""What each command does once its options are read; every function returns the exit code."""

from __future__ import annotations

import sys
import time
from contextlib import AbstractContextManager, nullcontext
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from townsquare import cache, formats, ledger, output, problems
from townsquare.codes import CODES
from townsquare.problems import Problem, SetupError, Severity

if TYPE_CHECKING:
    from townsquare.build import Checked


def build(
    root: Path,
    out: Path,
    *,
    now: datetime,
    previous: str | None,
    first_publish: bool,
    strict: bool,
    keep_going: bool,
    no_search: bool,
    form: str,
) -> int:
    """Checks the community and replaces the site in `out`; errors leave the old site as it was."""
    from townsquare import build as building
    from townsquare import publication

    begun = time.monotonic()
    before = ledger.load(previous, first_publish=first_publish)
    kept = cache.Cache(root / cache.FOLDER)
    with progress("Reading and checking"):
        checked = building.check(root, now=now, strict=strict, cache=kept)
        kept.save()
    if checked.errors and not keep_going:
        return _refused(checked.problems, root, form)
    with progress("Building"):
        plan = building.plan(building.without_faulty(checked), previous=before, strict=strict)
        if plan.errors and not keep_going:
            return _refused(plan.problems, root, form)
        with output.replacing(out) as fresh:
            written = publication.write(plan, fresh, previous=before, search=not no_search)
    formats.write(plan.problems, root, form)
    publication.print_summary(plan, written, out, seconds=time.monotonic() - begun)
    return 1 if plan.errors else 0


def check(
    root: Path,
    *,
    now: datetime,
    previous: str | None,
    first_publish: bool,
    strict: bool,
    base: str | None,
    form: str,
) -> int:
    """Prints every problem, or with `base` those that the change since then touches or causes."""
    from townsquare import build as building

    before = ledger.load(previous, first_publish=first_publish)
    kept = cache.Cache(root / cache.FOLDER)
    with progress("Reading and checking"):
        checked = building.check(root, now=now, strict=strict, cache=kept)
        kept.save()
        found = checked.problems
        if before.ledger is not None and not checked.errors:
            found = building.plan(checked, previous=before, strict=strict).problems
    if base is not None:
        from townsquare import changes

        found = changes.since(root, base, found, now=now, strict=strict)
    formats.write(found, root, form)
    _print_verdict(checked, found)
    return 1 if any(p.severity is Severity.ERROR for p in found) else 0


def explain(code: str) -> int:
    """Prints why a code is a problem."""
    known = CODES.get(code.replace("-", "_"))
    if known is None:
        hint = problems.did_you_mean(code.replace("-", "_"), CODES)
        raise SetupError(f"no code is called `{code}`; {hint}".strip("; "))
    print(f"{code.replace('_', '-')} ({known.severity})\n\n{known.why}")
    return 0


def new(root: Path, kind: str, title: str, today: date) -> int:
    """Writes a new file of a kind and says where it is."""
    from townsquare import kinds, settings
    from townsquare import new as beginning

    found = next((k for k in kinds.KINDS if k.name == kind), None)
    if found is None:
        known = ", ".join(k.name for k in kinds.KINDS)
        raise SetupError(f"there is no kind `{kind}`; the kinds are {known}")
    choices, _ = settings.read(root)
    made = beginning.create(root, found, title, today, choices)
    print(f"{made}\n\nFill it in, then see it with: python3 scripts/serve.py")
    return 0


def _refused(found: tuple[Problem, ...], root: Path, form: str) -> int:
    formats.write(found, root, form)
    print(
        "Nothing was built: mend the errors first, or leave those entries out with --keep-going.",
        file=sys.stderr,
    )
    return 1


def _print_verdict(checked: Checked, found: tuple[Problem, ...]) -> None:
    if not found:
        print(f"{len(checked.library.entries)} files, no problems.", file=sys.stderr)


def progress(what: str) -> AbstractContextManager[object]:
    """Shows what is being done, on a terminal only, until the block ends."""
    if not sys.stderr.isatty():
        return nullcontext()
    from rich.console import Console

    return Console(stderr=True).status(f"{what} …")
