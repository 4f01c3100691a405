"""What `townsquare new` does once its options are read; every function returns the exit code."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from townsquare import cache, layout, problems
from townsquare.commands import say
from townsquare.problems import SetupError

if TYPE_CHECKING:
    from townsquare.settings import Settings


def person_from_git(root: Path, kind: str, title: str | None, said: str, *, now: datetime) -> int:
    """Writes the file of somebody who is known from git's history and says where it is."""
    from townsquare import build as building
    from townsquare import new as beginning
    from townsquare import person_from_git as from_git
    from townsquare.community import Community
    from townsquare.kinds.person import KIND

    if kind != KIND.name:
        raise SetupError(f"git knows people alone: write `person --from-git {said}`")
    kept = cache.Cache(root / layout.CACHE)
    checked = building.check(root, now=now, cache=kept)
    community = Community(checked.library, checked.bodies, checked.clock, checked.addresses)
    try:
        found = from_git.known(community, said, title or "")
    finally:
        kept.save(tidy=False)
    today = now.astimezone(ZoneInfo(community.settings.timezone)).date()
    settings = community.settings
    click.echo(beginning.create(root, KIND, found.title, today, settings, found.fields))
    say(f"Ask {found.title} before you commit it: the page will name them.")
    return 0


def new(root: Path, kind: str, title: str, *, now: datetime) -> int:
    """Writes a new file of a kind and says where it is."""
    from townsquare import kinds, settings
    from townsquare import new as beginning

    if not title.strip():
        raise SetupError("a title is what readers see first: write one")
    found = next((k for k in kinds.KINDS if k.name == kind), None)
    if found is None:
        known = ", ".join(k.name for k in kinds.KINDS)
        hint = problems.did_you_mean(kind, [k.name for k in kinds.KINDS])
        raise SetupError(f"there is no kind `{kind}`; {hint}the kinds are {known}")
    if kind == "former":
        from townsquare import archiving

        click.echo(archiving.keep(root, title))
        say("Now change the guideline: its text, `version`, `effective` and `changes`.")
        return 0
    choices, _ = settings.read(root)
    click.echo(beginning.create(root, found, title, _today(choices, now), choices))
    say("Fill it in, then see it with: python3 scripts/serve.py")
    return 0


def checklist(root: Path, kind: str, name: str, *, now: datetime) -> int:
    """Prints, as Markdown, what the hosts of an event do, or what a newcomer to a guide walks."""
    from townsquare.checklists import hosting, walking

    if kind not in ("event", "walk"):
        raise SetupError(f"there is no checklist for `{kind}`: write `event --checklist EVENT`")
    made = walking if kind == "walk" else hosting
    click.echo(made.checklist(root, name, now), nl=False)
    return 0


def new_figures(root: Path, kind: str, period: str, table: Path, by: str, *, now: datetime) -> int:
    """Writes a period's figures, counted from a table of cases, and says where they are."""
    from townsquare import closed_cases, settings

    if kind != "transparency":
        raise SetupError("only transparency is counted `--from` a table")
    today = _today(settings.read(root)[0], now)
    click.echo(closed_cases.publish(root, table, period, by, today))
    say(f"Say what you learnt and what you changed. Nothing else of {table} is kept.")
    return 0


def _today(choices: Settings, now: datetime) -> date:
    return now.astimezone(ZoneInfo(choices.timezone)).date()
