"""One publish from beginning to end."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from townsquare import checkout, commands, layout, ledger
from townsquare.ledger import Beginning, Previous
from townsquare.problems import SetupError
from townsquare.publish import guards, published, targets
from townsquare.publish.guards import Refused
from townsquare.publish.plan import Plan, plan
from townsquare.publish.published import Published
from townsquare.publish.target import Moved, Progress, Site, Target
from townsquare.values import value

ATTEMPTS = 20
_SHOWN = 20


@value
class Wishes:
    """What was asked for beside the target."""

    now: datetime
    site: Path | None
    live: str | None
    first_publish: bool
    allow_removals: bool
    allow_older: bool
    dry_run: bool
    preview: bool
    when_due: bool


def publish(root: Path, words: str, wishes: Wishes) -> int:
    """Builds what grows from the live site, unless a folder is given, and hands it to the target.

    A preview grows from the site at `live`, if at all, and never from what the target holds.
    0 once readers get it, 1 where it was refused or the content has errors.
    """
    target = targets.named(words, root, live=None if wishes.preview else wishes.live)
    try:
        for _ in range(ATTEMPTS):
            try:
                return _attempt(root, target, wishes)
            except Moved:
                commands.say("Somebody else published meanwhile: beginning again.")
    except Refused as refused:
        commands.say(f"Nothing was published: {refused}")
        return 1
    raise SetupError(f"{target.name} changed {ATTEMPTS} times meanwhile: nothing was published")


def roll_back(root: Path, words: str) -> int:
    """Readers get the site before the one that they get."""
    target = targets.named(words, root, live=None)
    name = target.roll_back()
    commands.say(f"{target.name}: readers get {name} again.")
    commands.say("A later commit takes its place; the one that was withdrawn does not.")
    return 0


def verify(root: Path, words: str, *, live: str | None) -> int:
    """Waits until readers get what a folder holds that somebody else uploads; 0 once they do."""
    from townsquare.publish import deployed
    from townsquare.publish.targets.artifact import Artifact

    target = targets.named(words, root, live=live)
    if not isinstance(target, Artifact):
        raise SetupError("every publish to this target verifies itself; `--verify` is for folders")
    commands.say(f"{live}: readers get the site as of {deployed.wait_for(target)}.")
    return 0


def _attempt(root: Path, target: Target, wishes: Wishes) -> int:
    held = published.read(target.read, target.name)
    if held is None and not (wishes.first_publish or wishes.preview):
        raise SetupError(f"{target.name} holds no site yet: add `--first-publish` if that is so")
    if wishes.when_due and held and _is_up_to_date(root, held, wishes.now, target):
        return 0
    folder = wishes.site or _built(root, target, held, wishes)
    if folder is None:
        return 1
    site = Site(folder, published.whole(folder))
    planned = plan(site.published.files, held.files if held else {})
    _refuse(root, target, site, held, planned, wishes)
    for line in told(planned):
        commands.say(line)
    if not wishes.dry_run:
        with _shown(len(site.published.files)) as progress:
            target.replace(site, held, progress)
        _verify(target, site, [*planned.added, *planned.changed])
        commands.say(f"{target.name}: readers get {_called(site)}.")
    return 0


def _is_up_to_date(root: Path, held: Published, now: datetime, target: Target) -> bool:
    """Whether a build would give what readers have: the same commit, and nothing fell due."""
    record = held.record
    due = record.next_change
    is_due = due is not None and due <= now
    if is_due or record.commit != (checkout.head(str(root)) or "") or not target.is_finished():
        return False
    until = f" until {due:%Y-%m-%dT%H:%M:%SZ}" if due else ""
    commands.say(f"Nothing is published: commit {record.commit[:12]} makes the same site{until}.")
    return True


def _built(root: Path, target: Target, held: Published | None, wishes: Wishes) -> Path | None:
    """A site that grows from the live one, in a folder of its own; nothing where it has errors."""
    if wishes.preview:
        before = ledger.load(wishes.live)
    else:
        guards.refuse_uncommitted(root)
        before = _before(target, held)
    folder = root / layout.CACHE / "publish" / "site"
    how = {"strict": False, "preview": wishes.preview, "keep_going": False, "search": True}
    built = commands.made_from_nothing(root, folder, before, "text", now=wishes.now, **how)
    return folder if built else None


def _before(target: Target, held: Published | None) -> Previous:
    """What readers hold, as the target gives it."""
    if held is None:
        return Previous(beginning=Beginning.FIRST)
    content = target.read(ledger.FILE) or b""
    if sha256(content).hexdigest() != held.ledger:
        raise Moved
    return ledger.grown_from(content, target.name)


def _refuse(
    root: Path,
    target: Target,
    site: Site,
    held: Published | None,
    planned: Plan,
    wishes: Wishes,
) -> None:
    ours = site.published.record
    guards.refuse_unfit(site.published, preview=wishes.preview)
    if wishes.preview:
        guards.refuse_real(held)
        return
    if held is not None and not wishes.allow_older:
        guards.refuse_older(root, ours, held.record)
        if ours.commit and ours.commit == target.withdrawn():
            raise Refused(f"commit {ours.commit[:12]} was rolled back: a later one is waited for")
    is_there = held is not None and held.files == site.published.files
    if ours.previous != (held.ledger if held else "") and not is_there:
        raise Refused("the site does not grow from the live one: build it with `--previous`")
    if held is not None and not wishes.allow_removals:
        guards.refuse_losses(planned, held)


def told(planned: Plan) -> Iterator[str]:
    """What a publish changes, for who decides about it."""
    counts = (len(planned.added), len(planned.changed), len(planned.removed))
    yield "{} files are new, {} change, {} go.".format(*counts)
    for mark, paths in (("+", planned.added), ("~", planned.changed), ("-", planned.removed)):
        yield from _listed(mark, paths)


def _listed(mark: str, paths: Sequence[str]) -> Iterator[str]:
    yield from (f"  {mark} {path}" for path in paths[:_SHOWN])
    if len(paths) > _SHOWN:
        yield f"  {mark} and {len(paths) - _SHOWN} more"


def _verify(target: Target, site: Site, sent: Sequence[str]) -> None:
    """SetupError where the target does not give back what was sent.

    Unless somebody published a later site meanwhile, which then is theirs to verify.
    """
    held, files = target.digests(sent), site.published.files
    faulty = [path for path in sent if held.get(path) != files[path]]
    if not faulty:
        return
    now = published.read(target.read, target.name)
    if now is None or now.record == site.published.record:
        raise SetupError(f"{target.name} does not hold {faulty[0]} as it was sent: publish again")
    commands.say("Somebody has published a later site since.")


def _called(site: Site) -> str:
    record = site.published.record
    of = f"commit {record.commit[:12]}" if record.commit else "the site"
    return f"{of} as of {record.now:%Y-%m-%dT%H:%M:%SZ}, {len(site.published.files)} files"


@contextmanager
def _shown(whole: int) -> Generator[Progress]:
    """How far the sending has come, on a terminal only."""
    if not sys.stderr.isatty():
        yield _unsaid
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True)) as bar:
        task = bar.add_task("Publishing", total=whole)
        advance: Callable[[int], None] = lambda more: bar.advance(task, more)  # noqa: E731 — the empty step beside it has its type
        yield advance


def _unsaid(_more: int) -> None:
    """Nothing is said of how far it has come."""
