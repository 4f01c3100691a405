"""A folder's site, checked and brought up to date from what the last build left beside it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from townsquare import cache, checkout, layout, publication, settings
from townsquare.clock import Clock
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
_FOREIGN = (b"custom_dir", b"INHERIT", b"!ENV", b"hooks/", b"hooks\\")


@value
class Checked:
    """A community that was looked through for faults, which are sorted."""

    work: Work
    problems: tuple[Problem, ...]
    before: State
    cache: cache.Cache
    engine: str

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
    problems = [*begun.problems, *faults.found(context, begun.traces)]
    moved = community.settings.moved()
    arranged = severities_applied(problems, moved=moved, strict=strict)
    return Checked(begun, tuple(arranged), known, kept, of)


def keep_check(checked: Checked) -> None:
    """The next check knows what this one found."""
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
    bounds = checked.work.traces.bounds()
    kept = _state(checked, made)
    local = community.settings.site_url == LOCAL
    return Done(
        Built(made.counts, checked.problems, made.next_change, local),
        made,
        kept,
        json.loads(records[-1]),
        max((since for _, since, _ in bounds if since is not None), default=None),
        min((until for _, _, until in bounds if until is not None), default=None),
    )


def receipt_of(checked: Checked, done: Done, out: Path, form: str) -> dict[str, Any]:
    """What says that this build need not be done again: see `receipt`."""
    place = str(out.resolve())
    return {
        "engine": checked.engine,
        "files": checked.work.snapshot.whole(),
        "past": checked.work.library.history.past,
        "since": done.since,
        "until": done.until,
        "out": place,
        "site": receipt.standing(folder.stamps(done.state.outputs)),
        "record": done.record,
        "problems": [packed(each) for each in checked.problems],
        "form": form,
        "said": publication.said(done.built, out),
    }


def remember(state: State, checked: Checked, out: Path | None) -> None:
    """The next build into `out`, or the next check, knows what this one found."""
    place = Path(checked.work.snapshot.root, layout.CACHE)
    states.save(state, place, name(out), checked.engine)


def _state(checked: Checked, made: Result | None) -> State:
    """What was found and made, once nothing more will be; what is in the cache stays there."""
    kept = State(
        engine=checked.engine,
        choices=checked.work.choices,
        held=dict(checked.work.held),
        bodies=checked.work.bodies.kept(),
        structure=checked.work.structure,
        memory=checked.work.traces.memory(LongTexts(checked.cache).kept),
    )
    if made is not None:
        kept.around = made.around
        kept.outputs, kept.sums = made.files, made.sums
        kept.spare, kept.since = made.spare, made.since
    checked.cache.save(tidy=made is not None and not checked.before.held)
    return kept


def name(out: Path | None) -> str:
    """The name of the state of the site in this folder, or of checks: each has its own."""
    of = sha256(str(out.resolve()).encode()).hexdigest()[:12] if out else "check"
    return f"upkeep-{of}.json"
