"""A folder's site, checked and brought up to date from what the last build left beside it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from townsquare import cache, checkout, layout, publication, settings
from townsquare.clock import Clock
from townsquare.memory import Damaged
from townsquare.problems import Problem, Severity, severities_applied
from townsquare.publication import Built
from townsquare.settings import LOCAL
from townsquare.upkeep import engine, facets, faults, folder, receipt, work
from townsquare.upkeep import state as states
from townsquare.upkeep.building import Result, Upkeep
from townsquare.upkeep.faults import KeptContext
from townsquare.upkeep.long_texts import LongTexts
from townsquare.upkeep.packing import packed
from townsquare.upkeep.snapshot import Snapshot
from townsquare.upkeep.state import State
from townsquare.upkeep.work import Work
from townsquare.values import value

# What these ask for is decided by templates, files or variables that nobody here looks at.
_FOREIGN = (b"custom_dir", b"INHERIT", b"!ENV", b"hooks/", b"\\")


@value
class Checked:
    """A community that was looked through for faults, which are sorted.

    `told` are those that checks found, see `State`. `anew` looks through it from nothing.
    """

    work: Work
    told: Mapping[str, str]
    problems: tuple[Problem, ...]
    before: State
    cache: cache.Cache
    engine: str
    anew: Callable[[], Checked]

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that keep a site from being built."""
        return tuple(p for p in self.problems if p.severity is Severity.ERROR)


def is_possible(found: Snapshot) -> bool:
    """Whether nothing but the community's files and our own code decides what the site is."""
    choices = found.texts.get(settings.FILE, b"").replace(b"hooks/mkdocs_hook.py", b"")
    return not any(word in choices for word in _FOREIGN)


def check(
    found: Snapshot, *, now: datetime, out: Path | None, strict: bool, before: State | None = None
) -> Checked | None:
    """Everything that is wrong in these files, found again where something has changed.

    With `out`, what the build into this folder before has left is used, unless `before` is given,
    and every body is converted, as it will be for its page. Nothing where others have a say: the
    plain way asks them.
    """
    if not is_possible(found):
        return None
    place = Path(found.root, layout.CACHE)
    of = engine.fingerprint(found.texts.get(settings.FILE, b""))
    known = before if before and before.engine == of else states.load(place, name(out), of)
    kept = cache.Cache(place)
    look = partial(_checked, found, now, out, of, kept, strict=strict)
    with suppress(Damaged):
        return look(known)
    known.close()
    return look(State())


def _checked(
    found: Snapshot,
    now: datetime,
    out: Path | None,
    of: str,
    kept: cache.Cache,
    known: State,
    *,
    strict: bool,
) -> Checked:
    convert = partial(facets.converted, cache=kept) if out else None
    begun = work.begun(found, now, known, kept, convert)
    community = begun.community
    context = KeptContext(
        community.library,
        community.bodies,
        Clock(now, community.settings.timezone),
        community.addresses,
        begun.bodies.waits,
        community=community,
    )
    told = faults.found(context, begun.traces, known.told)
    problems = [*begun.problems, *faults.problems(told)]
    moved, told_by = community.settings.moved(), community.settings.told_by()
    arranged = severities_applied(problems, moved=moved, strict=strict, told_by=told_by)
    anew = partial(_checked, found, now, out, of, kept, State(), strict=strict)
    return Checked(begun, told, tuple(arranged), known, kept, of, anew)


def keep_check(checked: Checked) -> None:
    """The next check knows what this one found."""
    with suppress(Damaged):
        remember(_state(checked, None), checked, None)


@value
class Done:
    """A site that is up to date: what is said of it, and what was made of the state before."""

    built: Built
    made: Result
    state: State
    record: dict[str, Any]
    since: float | None
    until: float | None


def build(checked: Checked, out: Path) -> Done:
    """The site in `out` is up to date."""
    with suppress(Damaged):
        return _built(checked, out)
    checked.before.close()
    return _built(checked.anew(), out)


def _built(checked: Checked, out: Path) -> Done:
    community = checked.work.community
    root = Path(checked.work.snapshot.root)
    commit = checkout.head(str(root))
    records: list[bytes] = []

    def record(counts: Mapping[str, int], next_change: datetime | None) -> bytes:
        now = community.clock.stamp()
        made = publication.record(
            counts, next_change, now=now, commit=commit, previous="", preview=False
        )
        records.append(made)
        return made

    of = checked.work, checked.before, out.resolve(), checked.cache, checked.engine, record
    own = Upkeep(*of, checked.problems)
    made = own.run()
    span = checked.work.traces.span()
    kept = _state(checked, made)
    local = community.settings.site_url == LOCAL
    return Done(
        Built(made.counts, checked.problems, made.next_change, local),
        made,
        kept,
        json.loads(records[-1]),
        span.since,
        span.until,
    )


def receipt_of(checked: Checked, done: Done, out: Path, asked: receipt.Asked) -> dict[str, Any]:
    """What says that this build need not be done again: see `receipt`."""
    place = str(out.resolve())
    return {
        "engine": checked.engine,
        "files": checked.work.snapshot.whole(),
        "past": checked.work.library.history.past,
        "since": done.since,
        "until": done.until,
        "out": place,
        "given": str(out.absolute()),
        "site": receipt.standing(folder.stamps(done.state.site.outputs)),
        "record": done.record,
        "problems": [packed(each) for each in checked.problems],
        "asked": asked,
        "said": publication.said(done.built, out),
    }


def remember(state: State, checked: Checked, out: Path | None) -> None:
    """The next build into `out`, or the next check, knows what this one found.

    Unless git refused to tell its past: that can change without any file being another.
    """
    if not checked.work.library.history.refusal:
        states.save(state, Path(checked.work.snapshot.root, layout.CACHE), name(out))


def _state(checked: Checked, made: Result | None) -> State:
    """What was found and made, once nothing more will be; what is in the cache stays there."""
    begun, before = checked.work, checked.before
    memory = begun.traces.remembered(LongTexts(checked.cache).kept)
    said, shown = before.said, before.shown
    for path in before.held.keys() - {path for path, each in begun.held.items() if each.is_entry}:
        del said[path]
    for path, each in begun.said.items():
        said[path] = each
    for path, found in begun.bodies.found().items():
        said[path] = said[path]._replace(facets=found)
    for of, each in begun.leaves.shown():
        shown[of] = each
    checked.cache.save(tidy=made is not None and not before.held)
    return State(
        choices=begun.choices,
        held=begun.held,
        said=said,
        structure=begun.leaves.structure,
        shown=shown,
        told=dict(checked.told),
        engine=checked.engine,
        memory=memory,
        site=made.site if made else before.site,
        kept=before.kept,
    )


def name(out: Path | None) -> str:
    """The name of the state of the site in this folder, or of checks: each has its own."""
    of = sha256(str(out.resolve()).encode()).hexdigest()[:12] if out else "check"
    return f"upkeep-{of}.sqlite"
