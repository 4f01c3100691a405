"""The community's report on a terminal: the page's figures, and what only managers need to know."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click

from townsquare import build, cache, layout, reports
from townsquare.community import Community
from townsquare.figures import community_report, past_report
from townsquare.figures.shapes import Report
from townsquare.problems import SetupError
from townsquare.upkeep import local

NAMED = 20


def show(root: Path, form: str, *, now: datetime) -> int:
    """Prints the report; SetupError where the content has errors."""
    made = community_of(root, now=now)
    match form:
        case "json":
            text = reports.as_json(local.release(made)).decode()
        case "csv":
            text = reports.as_csv(local.release(made)).decode()
        case _:
            text = "\n".join((*_lines(community_report.report(made)), *_unknown(made), ""))
    click.echo(text, nl=False)
    if refusal := made.library.history.refusal:
        click.echo(f"git's history is not counted: {refusal}", err=True)
    return 0


def community_of(root: Path, *, now: datetime) -> Community:
    """The community in this folder, as far as figures need it; SetupError where it has errors."""
    kept = cache.Cache(root / layout.CACHE)
    checked = build.check(root, now=now, cache=kept)
    if checked.errors:
        raise SetupError(f"{len(checked.errors)} errors: see `python3 scripts/check.py`")
    kept.save(tidy=False)
    return Community(checked.library, checked.bodies, checked.clock, checked.addresses)


def _lines(report: Report) -> Iterator[str]:
    for section in report.sections:
        yield f"{section.title}\n"
        for each in section.figures:
            yield f"  {each.name:<38} {each.printed:>14}   {each.window}"
            if each.missing:
                yield f"  {'':<38} {each.missing}"
        yield ""
    for tally in (each for each in report.tallies if each.rows or each.missing):
        yield f"{tally.title}: {', '.join(f'{n} {c}' for n, c in tally.rows) or tally.missing}"


def _unknown(community: Community) -> Iterator[str]:
    """Who has no file, with what would add it: nothing of this stands on the site."""
    found = past_report.unknown(community)
    if found:
        have = "has" if len(found) == 1 else "have"
        yield f"\n{len(found)} committed and {have} no person file:\n"
    for each in found[:NAMED]:
        yield f"  {each.commits:>5}  python3 scripts/new.py person --from-git {_quoted(each.name)}"
    if len(found) > NAMED:
        yield f"  and {len(found) - NAMED} more"


def _quoted(name: str) -> str:
    from shlex import quote

    return quote("".join(char for char in name if char.isprintable()))
