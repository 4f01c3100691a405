"""Writes a plan as a whole site, proves it whole, and says what it holds."""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import townsquare
from townsquare import ledger
from townsquare.library import Library
from townsquare.model import Dated, Published
from townsquare.pages import Article
from townsquare.problems import Severity

if TYPE_CHECKING:
    from townsquare.build import Plan

RECORD = "build.json"
SUMS = "SHA256SUMS"
ENGINES = ("mkdocs", "mkdocs-material", "Markdown", "feedgen", "icalendar")


@dataclass(frozen=True, slots=True)
class Written:
    """What a site holds, by count."""

    counts: Mapping[str, int]


def write(plan: Plan, folder: Path, *, previous: ledger.Previous, search: bool) -> Written:
    """The whole site stands in the folder, with a record of the build and a sum for every file."""
    from townsquare import site
    from townsquare.search import index

    community = plan.community
    article = Article(community.settings, community.addresses)
    site.build(plan, community.settings, community.library.root, folder, render=article.render)
    if search:
        index(plan.pages, folder)
    counts = _counts(plan)
    (folder / RECORD).write_bytes(_record(plan, counts, previous))
    (folder / SUMS).write_text("".join(_sums(folder)), encoding="utf-8", newline="\n")
    return Written(counts)


def print_summary(plan: Plan, written: Written, out: Path, *, seconds: float) -> None:
    """What was built, in a few lines: the only place where a build's own time is named."""
    named = ", ".join(f"{count} {what}" for what, count in written.counts.items())
    print(f"{out}: {named}; {seconds:.1f} s")
    for severity in (Severity.ERROR, Severity.WARNING, Severity.NOTICE):
        if count := sum(p.severity is severity for p in plan.problems):
            print(f"  {count} {severity.word}{'s' if count > 1 else ''}")
    if plan.next_change:
        print(f"  the next change falls due at {plan.next_change:%Y-%m-%dT%H:%M:%SZ}")


def _counts(plan: Plan) -> dict[str, int]:
    community = plan.community
    held: Library = community.library
    return {
        "pages": len(plan.pages),
        "posts": len(held.visible(Published)),
        "events": len(held.visible(Dated)),
        "occurrences": sum(len(community.occurrences(entry)) for entry in community.events),
        "feeds": sum(p.endswith(".xml") or p == "feed.json" for p in plan.files),
        "calendars": sum(p.endswith(".ics") for p in plan.files),
    }


def _record(plan: Plan, counts: Mapping[str, int], previous: ledger.Previous) -> bytes:
    """`build.json`: the only file that names the build's instant."""
    record = {
        "townsquare": townsquare.__version__,
        "now": f"{plan.community.clock.stamp():%Y-%m-%dT%H:%M:%SZ}",
        "next_change": f"{plan.next_change:%Y-%m-%dT%H:%M:%SZ}" if plan.next_change else None,
        "commit": _commit(plan.community.library.root),
        "engines": {name: version(name) for name in ENGINES},
        "counts": dict(counts),
        "previous_ledger": previous.digest or None,
    }
    return (json.dumps(record, indent=2, sort_keys=True) + "\n").encode()


def _commit(root: Path) -> str | None:
    """The commit that is built, where there is one."""
    command = ["git", "-C", str(root), "rev-parse", "--verify", "--quiet", "HEAD"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=10)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() or None


def _sums(folder: Path) -> Iterator[str]:
    """Lines for `sha256sum --check`, by path; the record and this list itself are left out."""
    files = (f for f in folder.rglob("*") if f.is_file())
    for path, file in sorted((f.relative_to(folder).as_posix(), f) for f in files):
        if path not in (RECORD, SUMS):
            yield f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {path}\n"
