"""What each command does once its options are read; every function returns the exit code.

Problems go to standard output, in the form that was asked for; all else goes to standard error.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from townsquare import cache, formats, ledger, output, problems
from townsquare.codes import CODES
from townsquare.folders import FOLDERS
from townsquare.problems import Problem, SetupError, Severity


def build(
    root: Path,
    out: Path,
    *,
    now: datetime,
    previous: str | None,
    first_publish: bool,
    forget: Sequence[str],
    preview: bool,
    strict: bool,
    keep_going: bool,
    no_search: bool,
    form: str,
) -> int:
    """Checks the community and replaces the site in `out`; errors leave the old site as it was."""
    from townsquare import build as building
    from townsquare import publication

    begun = time.monotonic()
    _refuse_inside(root, out)
    _refuse_empty(root)
    before = ledger.forgotten(ledger.load(previous, first_publish=first_publish), forget)
    kept = cache.Cache(root / cache.FOLDER)
    with progress("Reading and checking"):
        checked = building.check(root, now=now, strict=strict, cache=kept)
        kept.save()
    if checked.errors and not (keep_going and checked.can_go_on):
        return _refused(checked.problems, root, form, keep_going=keep_going)
    with progress(f"Building from {len(checked.library.entries)} files"):
        rest = building.without_faulty(checked)
        plan = building.plan(rest, previous=before, strict=strict, preview=preview)
        if set(plan.errors) - set(checked.errors):
            # What the published site remembers of an entry cannot be left out.
            return _refused(plan.problems, root, form, keep_going=True)
        with output.replacing(out) as fresh:
            written = publication.write(plan, fresh, previous=before, search=not no_search)
    formats.write(plan.problems, root, form)
    publication.announce(plan, written, out, seconds=time.monotonic() - begun)
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

    _refuse_empty(root)
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
    if not found:
        say(f"{len(checked.library.entries)} files, no problems.")
    return 1 if any(p.severity is Severity.ERROR for p in found) else 0


def explain(code: str) -> int:
    """Prints why a code is a problem."""
    name = code.strip("[]").replace("-", "_")
    known = CODES.get(name)
    if known is None:
        hint = problems.did_you_mean(name, CODES).replace("_", "-")
        raise SetupError(f"no code is called `{code}`; {hint}".strip("; "))
    click.echo(f"{name.replace('_', '-')} ({known.severity})\n\n{known.why}")
    return 0


def new(root: Path, kind: str, title: str, *, now: datetime) -> int:
    """Writes a new file of a kind and says where it is."""
    from townsquare import kinds, settings
    from townsquare import new as beginning

    found = next((k for k in kinds.KINDS if k.name == kind), None)
    if found is None:
        known = ", ".join(k.name for k in kinds.KINDS)
        hint = problems.did_you_mean(kind, [k.name for k in kinds.KINDS])
        raise SetupError(f"there is no kind `{kind}`; {hint}the kinds are {known}")
    choices, _ = settings.read(root)
    today = now.astimezone(ZoneInfo(choices.timezone)).date()
    made = beginning.create(root, found, title, today, choices)
    click.echo(made)
    say("Fill it in, then see it with: python3 scripts/serve.py")
    return 0


def say(text: str) -> None:
    """The text stands on standard error, where it disturbs no problem and no pipe."""
    click.echo(text, err=True)


def progress(what: str) -> AbstractContextManager[object]:
    """Shows what is being done, on a terminal only, until the block ends."""
    if not sys.stderr.isatty():
        return nullcontext()
    from rich.console import Console

    return Console(stderr=True).status(f"{what} …")


def _refuse_empty(root: Path) -> None:
    if not any((root / folder).exists() for folder in FOLDERS):
        named = ", ".join(f"{folder}/" for folder in FOLDERS)
        raise SetupError(f"{root} has none of {named}: is this the community's folder?")


def _refuse_inside(root: Path, out: Path) -> None:
    """A site inside a content folder would be content of the next build."""
    for folder in FOLDERS:
        if out.resolve().is_relative_to((root / folder).resolve()):
            raise SetupError(f"the site cannot stand in {folder}/: choose another `--out`")


def _refused(found: Sequence[Problem], root: Path, form: str, *, keep_going: bool) -> int:
    formats.write(found, root, form)
    if keep_going:
        say("Nothing was built: these errors are of no entry that could be left out.")
    else:
        say("Nothing was built: mend the errors, or leave those entries out with --keep-going.")
    return 1
