"""Writes a plan as a whole site, proves it whole, and says what it holds."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import click

import townsquare
from townsquare import git, ledger, proof
from townsquare.library import Library
from townsquare.model import Dated, Published
from townsquare.pages import Article
from townsquare.problems import Severity
from townsquare.settings import LOCAL

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
    """The whole site stands in the folder, with a record of the build and a sum for every file.

    Raises RuntimeError, before anything is written, for a feed or calendar that is not whole.
    """
    from townsquare import site
    from townsquare.search import index

    proof.check(plan.files)
    community = plan.community
    article = Article(community.settings, community.addresses)
    site.build(plan, community.settings, community.library.root, folder, render=article.render)
    if search:
        index(plan.pages, folder)
    counts = _counts(plan)
    (folder / RECORD).write_bytes(_record(plan, counts, previous))
    (folder / SUMS).write_text("".join(_sums(folder)), encoding="utf-8", newline="\n")
    return Written(counts)


def announce(plan: Plan, written: Written, out: Path, *, seconds: float) -> None:
    """What was built stands on standard error, and where GitHub's steps look for it.

    The build's own time is named here alone: `site/` is the same for the same input.
    https://docs.github.com/actions/reference/workflow-commands-for-github-actions
    """
    lines = [f"{out}: {_counted(written.counts)}; {seconds:.1f} s", *_remarks(plan)]
    click.echo("\n  ".join(lines), err=True)
    _append("GITHUB_STEP_SUMMARY", "".join(f"- {line}\n" for line in lines))
    _append("GITHUB_OUTPUT", f"next_change={_stamp(plan) or ''}\n")


def _counted(counts: Mapping[str, int]) -> str:
    return ", ".join(
        f"{n} {what.removesuffix('s') if n == 1 else what}" for what, n in counts.items()
    )


def _remarks(plan: Plan) -> Iterator[str]:
    left_out = sorted({each.place.path for each in plan.errors})
    if left_out:
        yield f"left out for their errors: {', '.join(left_out)}"
    for severity in Severity:
        if count := sum(p.severity is severity for p in plan.problems):
            yield f"{count} {severity.word}{'s' if count > 1 else ''}"
    if plan.community.settings.site_url == LOCAL:
        yield f"no `site_url` in mkdocs.yml: feeds and calendars lead to {LOCAL}"
    if stamp := _stamp(plan):
        yield f"the next change falls due at {stamp}"


def _append(variable: str, text: str) -> None:
    if file := os.environ.get(variable):
        with Path(file).open("a", encoding="utf-8", newline="\n") as stream:
            stream.write(text)


def _counts(plan: Plan) -> dict[str, int]:
    community = plan.community
    held: Library = community.library
    return {
        "pages": len(plan.pages),
        "posts": len(held.visible(Published)),
        "events": len(held.visible(Dated)),
        "occurrences": sum(len(community.occurrences(entry)) for entry in community.events),
        "feeds": len([path for path in plan.files if _is_feed(path)]),
        "calendars": len([path for path in plan.files if path.endswith(".ics")]),
    }


def _is_feed(path: str) -> bool:
    return path == "feed.json" or (path.endswith(".xml") and path != "sitemap.xml")


def _record(plan: Plan, counts: Mapping[str, int], previous: ledger.Previous) -> bytes:
    """`build.json`: the only file that names the build's instant."""
    record = {
        "townsquare": townsquare.__version__,
        "now": f"{plan.community.clock.stamp():%Y-%m-%dT%H:%M:%SZ}",
        "next_change": _stamp(plan),
        "commit": git.head(plan.community.library.root),
        "engines": {name: version(name) for name in ENGINES},
        "counts": dict(counts),
        "previous_ledger": previous.digest or None,
        "preview": plan.outcome.ledger.preview,
    }
    return (json.dumps(record, indent=2, sort_keys=True) + "\n").encode()


def _stamp(plan: Plan) -> str | None:
    return f"{plan.next_change:%Y-%m-%dT%H:%M:%SZ}" if plan.next_change else None


def _sums(folder: Path) -> Iterator[str]:
    """Lines for `sha256sum --check`, by path; the record and this list itself are left out."""
    files = (file for file in folder.rglob("*") if file.is_file())
    for path, file in sorted((file.relative_to(folder).as_posix(), file) for file in files):
        if path not in (RECORD, SUMS):
            yield f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {path}\n"
