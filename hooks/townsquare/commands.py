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
from typing import TYPE_CHECKING

from townsquare import cache, formats, layout, ledger, output, problems
from townsquare.codes import CODES
from townsquare.folders import FOLDERS
from townsquare.problems import Problem, SetupError, Severity

if TYPE_CHECKING:
    from townsquare.publication import Built
    from townsquare.upkeep import session
    from townsquare.upkeep.receipt import Asked, Begun


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
    search: bool,
    form: str,
    begun: Begun | None = None,
) -> int:
    """Checks the community and replaces the site in `out`; errors leave the old site as it was.

    A site that grows from no published one is brought up to date; any other is made from nothing.
    `begun` is what the command began with: under its words it is noted that no more is to be done.
    """
    from townsquare import publication
    from townsquare.upkeep.receipt import Asked

    started = time.monotonic()
    refuse_inside(root, out)
    refuse_empty(root)
    before = ledger.forgotten(ledger.load(previous, first_publish=first_publish), forget)
    built = checked = None
    if before == ledger.Previous() and not (preview or search):
        checked = _checked_again(root, out, now=now, strict=strict, begun=begun)
        if checked and checked.errors and not keep_going:
            _refused(checked.problems, root, form, keep_going=False)
            return 1
        if checked and not checked.errors:
            asked = Asked(
                root=str(root), out=str(out), strict=strict, keep_going=keep_going, form=form
            )
            built = _brought_up_to_date(checked, out, asked, begun)
    if built is None:
        if checked is not None:
            from townsquare.upkeep import session

            # It holds the cache, for which the other way would wait.
            session.keep_check(checked)
        how = {"strict": strict, "preview": preview, "keep_going": keep_going, "search": search}
        built = made_from_nothing(root, out, before, form, now=now, **how)
    if built is None:
        return 1
    formats.write(built.problems, root, form)
    publication.announce(built, out, seconds=time.monotonic() - started)
    return 1 if built.left_out else 0


def build_again(begun: Begun, *, now: datetime) -> int:
    """What `build` does for the words of a build before, which said what they ask for."""
    asked = begun.asked
    if asked is None:
        raise ValueError("nothing is known of these words")
    return build(
        Path(asked["root"]),
        Path(asked["out"]),
        now=now,
        previous=None,
        first_publish=False,
        forget=(),
        preview=False,
        strict=asked["strict"],
        keep_going=asked["keep_going"],
        search=False,
        form=asked["form"],
        begun=begun,
    )


def _checked_again(
    root: Path, out: Path | None, *, now: datetime, strict: bool, begun: Begun | None = None
) -> session.Checked | None:
    """The community, looked through as far as it changed; nothing where others have a say."""
    from townsquare.upkeep import session, snapshot

    with progress("Reading and checking"):
        found = begun.found if begun else None
        if found is None or found.root != str(root):
            found = snapshot.taken(str(root))
        return session.check(found, now=now, out=out, strict=strict)


def _brought_up_to_date(
    checked: session.Checked, out: Path, asked: Asked, begun: Begun | None
) -> Built | None:
    """The site with what changed made anew; nothing where others have a say in the theme."""
    from townsquare.upkeep import receipt, session, theming

    try:
        with progress("Building"):
            done = session.build(checked, out)
    except theming.ForeignTheme:
        return None
    session.remember(done.state, checked, out)
    if begun and not checked.work.library.history.refusal:
        left = session.receipt_of(checked, done, out, asked)
        receipt.write(begun.words, asked["root"], left)
    return done.built


def made_from_nothing(
    root: Path,
    out: Path,
    before: ledger.Previous,
    form: str,
    *,
    now: datetime,
    strict: bool,
    preview: bool,
    keep_going: bool,
    search: bool,
) -> Built | None:
    """The site, or nothing where errors keep it from being built, which are then reported."""
    from townsquare import build as building
    from townsquare import publication

    kept = cache.Cache(root / layout.CACHE)
    with progress("Reading and checking"):
        checked = building.check(root, now=now, strict=strict, cache=kept, whole=True)
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
            return publication.write(plan, fresh, previous=before, search=search)


def check(
    root: Path,
    *,
    now: datetime,
    previous: str | None,
    first_publish: bool,
    strict: bool,
    base: str | None,
    changes: bool,
    external: bool,
    form: str,
) -> int:
    """Prints every problem, or with `base` those that the change since then touches or causes.

    With `changes` also what the change does to what readers get; with `external` other sites are
    asked whether what links lead to is there.
    """
    refuse_empty(root)
    _refuse_unlisted(base, form, changes=changes)
    before = ledger.load(previous, first_publish=first_publish)
    again = _checked_again(root, None, now=now, strict=strict) if before.ledger is None else None
    if again is not None:
        from townsquare.upkeep import session

        session.keep_check(again)
        found, count = again.problems, len(again.work.library.plain)
    else:
        found, count = _checked_plainly(root, before, now=now, strict=strict)
    if external:
        found = tuple(sorted({*found, *_of_other_sites(root, now)}))
    if base is not None:
        from townsquare import comparing

        compared = comparing.compared(root, base, found, now=now, strict=strict, changes=changes)
        found = comparing.write(compared, root, form)
    else:
        formats.write(found, root, form)
    if not found:
        say(f"{count} files, no problems.")
    return 1 if any(p.severity is Severity.ERROR for p in found) else 0


def _of_other_sites(root: Path, now: datetime) -> list[Problem]:
    """What is wrong with links to other sites, asked now unless the answer is known."""
    from townsquare import build as building
    from townsquare import external

    folder = root / layout.CACHE
    checked = building.check(root, now=now, cache=cache.Cache(folder))
    links = external.links(checked.library, checked.bodies)
    with progress(f"Asking for {len(links)} links to other sites"):
        verdicts = external.asked(links, folder, now=time.time())
    if links and not any(verdicts[url].status for url in links):
        say(f"None of {len(links)} links to other sites could be asked: is this machine online?")
        return []
    return external.problems(links, verdicts)


def _checked_plainly(
    root: Path, before: ledger.Previous, *, now: datetime, strict: bool
) -> tuple[tuple[Problem, ...], int]:
    """Every problem, the ledger's among them, and how many files there are."""
    from townsquare import build as building

    kept = cache.Cache(root / layout.CACHE)
    with progress("Reading and checking"):
        checked = building.check(root, now=now, strict=strict, cache=kept)
        found = checked.problems
        if before.ledger is not None and not checked.errors:
            found = building.plan(checked, previous=before, strict=strict).problems
        kept.save(tidy=False)
    return found, len(checked.library.entries)


def explain(code: str) -> int:
    """Prints why a code is a problem."""
    name = code.strip("[]").replace("-", "_")
    known = CODES.get(name)
    if known is None:
        hint = problems.did_you_mean(name, CODES).replace("_", "-")
        raise SetupError(f"no code is called `{code}`; {hint}".strip("; "))
    sys.stdout.write(f"{name.replace('_', '-')} ({known.severity})\n\n{known.why}\n")
    return 0


def say(text: str) -> None:
    """The text stands on standard error, where it disturbs no problem and no pipe."""
    sys.stderr.write(f"{text}\n")


def progress(what: str) -> AbstractContextManager[object]:
    """Shows what is being done, on a terminal only, until the block ends."""
    if not sys.stderr.isatty():
        return nullcontext()
    from rich.console import Console

    return Console(stderr=True).status(f"{what} …")


def refuse_empty(root: Path) -> None:
    """SetupError for a folder that is no community's."""
    if not any((root / folder).exists() for folder in FOLDERS):
        named = ", ".join(f"{folder}/" for folder in FOLDERS)
        raise SetupError(f"{root} has none of {named}: is this the community's folder?")


def _refuse_unlisted(base: str | None, form: str, *, changes: bool) -> None:
    if changes and base is None:
        raise SetupError("`--changes` tells what changed since a branch: add `--base main`")
    if changes and form not in ("text", "github", "json"):
        raise SetupError(f"`--changes` is not written as {form}: take text, github or json")


def refuse_inside(root: Path, out: Path) -> None:
    """A site inside a content folder would be content of the next build."""
    for folder in FOLDERS:
        if out.resolve().is_relative_to((root / folder).resolve()):
            raise SetupError(f"the site cannot stand in {folder}/: choose another `--out`")


def _refused(found: Sequence[Problem], root: Path, form: str, *, keep_going: bool) -> None:
    formats.write(found, root, form)
    if keep_going:
        say("Nothing was built: these errors are of no entry that could be left out.")
    else:
        say("Nothing was built: mend the errors, or leave those entries out with --keep-going.")
