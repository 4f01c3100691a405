"""What is never published: older content over newer, a preview, a site that lost too much."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from townsquare import checkout, git
from townsquare.layout import DATA, FOLDERS, SETTINGS
from townsquare.problems import SetupError
from townsquare.publish.plan import Plan
from townsquare.publish.published import Published, Record
from townsquare.search import FOLDER as INDEX

ONE_PAGE_IN = 5
"""A publish that takes away more than one page in so many is refused unless it is asked for."""
MOST_REMOVED = 50
"""So is one that takes away more addresses than this, theme and search index apart."""
_SHOWN = 5
_NO_ADDRESS = ("assets/", INDEX)


class Refused(Exception):
    """Why nothing is published, and what to do."""


def refuse_uncommitted(root: Path) -> None:
    """Refuses content that no commit holds: what is published must be found again later."""
    if checkout.head(str(root)) is None:
        return
    places = [name for name in (*FOLDERS, DATA, SETTINGS) if (root / name).exists()]
    changed = git.ask(root, "status", "--porcelain", "--", *places).decode("utf-8", "replace")
    if changed:
        named = ", ".join(line[3:] for line in changed.splitlines()[:_SHOWN])
        raise Refused(f"no commit holds what would be published: commit or undo {named}")


def refuse_unfit(site: Published, *, preview: bool) -> None:
    """Refuses a preview unless one is meant, and a site that readers could not search."""
    if site.record.preview and not preview:
        raise Refused("this site is a preview: build it without `--preview`")
    if preview and not site.record.preview:
        raise Refused("this site is no preview: build it with `--preview`")
    if not any(path.startswith(INDEX) for path in site.files):
        raise Refused("this site has no search index: build it with `--search`")


def refuse_real(held: Published | None) -> None:
    """Refuses to put a preview where readers get the site itself."""
    if held is not None and not held.record.preview:
        raise Refused("readers get the site itself there: a preview needs a place of its own")


def refuse_older(root: Path, ours: Record, live: Record) -> None:
    """Refuses a site that does not contain the work that the live one is made from.

    Commits decide where both sites have one, the time of the build where they do not differ.
    """
    if ours.commit != live.commit and ours.commit and live.commit:
        if not _contains(root, ours.commit, live.commit):
            raise Refused(
                f"the live site is of commit {live.commit[:12]}, which {ours.commit[:12]} does "
                "not contain: fetch the whole history and merge, or say `--allow-older`"
            )
    elif ours.now < live.now:
        stamp = f"{live.now:%Y-%m-%dT%H:%M:%SZ}"
        raise Refused(f"the live site was built later, as of {stamp}: or say `--allow-older`")


def refuse_losses(planned: Plan, live: Published) -> None:
    """Refuses to take away more than 50 addresses, or more than a fifth of all pages."""
    lost = [path for path in planned.removed if not path.startswith(_NO_ADDRESS)]
    pages, had = _pages(lost), _pages(live.files)
    if len(lost) > MOST_REMOVED or pages * ONE_PAGE_IN > had:
        raise Refused("\n".join(_losses(lost, pages, had)))


def _losses(lost: list[str], pages: int, had: int) -> Iterator[str]:
    yield f"this takes {len(lost)} addresses away, {pages} of {had} pages among them:"
    yield from (f"  {path}" for path in lost[:_SHOWN])
    if len(lost) > _SHOWN:
        yield f"  and {len(lost) - _SHOWN} more"
    yield "say `--allow-removals` if that is meant"


def _pages(paths: Iterable[str]) -> int:
    return sum(path.endswith(".html") for path in paths)


def _contains(root: Path, later: str, earlier: str) -> bool:
    try:
        git.ask(root, "merge-base", "--is-ancestor", earlier, later)
    except SetupError:
        return False
    return True
