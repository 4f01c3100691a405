"""The commands. Exit codes: 0 no errors, 1 errors in content, 2 broken set-up, 130 stopped."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from townsquare.options import (
    HERE,
    Day,
    first_option,
    format_option,
    now_option,
    previous_option,
    reported,
    root_option,
    strict_option,
)


@click.group()
def main() -> None:
    """A community's newsroom, calendar and rulebook."""


@main.command()
@root_option
@click.option("--out", type=click.Path(path_type=Path), help="Where the site goes [ROOT/site].")
@now_option
@previous_option
@first_option
@click.option(
    "--forget",
    metavar="NAME",
    multiple=True,
    help="Erase a key or an address, as it stands in ledger.json; may be repeated.",
)
@click.option("--preview", is_flag=True, help="For review only: no later build may grow from it.")
@strict_option
@click.option("--keep-going", is_flag=True, help="Leave out faulty entries, build, exit with 1.")
@click.option("--search", is_flag=True, help="Make the search index, too, as for publishing.")
@format_option
@reported
def build(root: Path, out: Path | None, **options: Any) -> int:
    """Check everything and build the site, its feeds, calendars and data."""
    from townsquare import commands

    begun = click.get_current_context().obj
    return commands.build(root, out or root / "site", begun=begun, **options)


@main.command()
@root_option
@now_option
@previous_option
@first_option
@strict_option
@click.option("--base", metavar="REF", help="Report only what changed since this branch or commit.")
@click.option("--changes", is_flag=True, help="Also list what the change does for readers.")
@click.option("--external", is_flag=True, help="Ask other sites whether our links lead anywhere.")
@click.option("--explain", metavar="CODE", help="Say why a code is a problem.")
@format_option
@reported
def check(root: Path, explain: str | None, **options: Any) -> int:
    """Find everything that is wrong, without building."""
    from townsquare import commands

    return commands.explain(explain) if explain else commands.check(root, **options)


@main.command()
@click.option("--since", type=Day(), required=True, help="The first day, such as 2026-10-01.")
@click.option("--until", type=Day(), required=True, help="The day after the last, 2026-11-01.")
@click.option(
    "--format",
    "form",
    type=click.Choice(("html", "text", "markdown")),
    default="html",
    show_default=True,
    help="An e-mail's HTML, its plain text, or Markdown.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="The file that it is written into [standard output].",
)
@root_option
@now_option
@reported
def digest(root: Path, **options: Any) -> int:
    """Write what happened in a period and what comes next, ready to send."""
    from townsquare.digest import command

    return command.digest(root, **options)


@main.command()
@root_option
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8000,
    show_default=True,
    help="Where it listens on this machine; 0 for any free port.",
)
@reported
def serve(root: Path, port: int) -> int:
    """Show the site on this machine and every edit as it is saved."""
    from townsquare import serve as server

    return server.run(root, port)


@main.command()
@click.argument("target")
@root_option
@now_option
@click.option(
    "--site",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A site that was built before, with --search and --previous [one is built].",
)
@click.option("--live", metavar="ADDRESS", help="Where readers get the site.")
@first_option
@click.option("--allow-removals", is_flag=True, help="Take away more than a fifth of all pages.")
@click.option("--allow-older", is_flag=True, help="Replace a site of a newer or unknown commit.")
@click.option("--dry-run", is_flag=True, help="Say what would change, and change nothing.")
@click.option("--preview", is_flag=True, help="For review, at a place of its own.")
@click.option("--when-due", is_flag=True, help="Only where a commit or a date makes another site.")
@click.option("--verify", is_flag=True, help="Wait until readers get what TARGET, a folder, holds.")
@click.option("--rollback", is_flag=True, help="Give readers the site before the present one.")
@reported
def publish(target: str, root: Path, *, rollback: bool, verify: bool, **wishes: Any) -> int:
    """Build the site from what readers hold and put it at TARGET.

    TARGET is a folder of this machine, ssh://HOST/FOLDER or another in docs/publishing.md.
    """
    from townsquare.publish import command

    if rollback:
        return command.roll_back(root, target)
    if verify:
        return command.verify(root, target, live=wishes["live"])
    return command.publish(root, target, command.Wishes(**wishes))


@main.command()
@click.argument("kind")
@click.argument("title", required=False)
@click.option(
    "--from-git",
    metavar="WHO",
    help="For a person: somebody who commits under this name, address or forge's login.",
)
@root_option
@now_option
@click.option(
    "--checklist",
    is_flag=True,
    help="With KIND event: print the hosts' checklist for the event that TITLE names by its id or "
    "file; ID#2026-12-17 names one date.",
)
@click.option(
    "--from",
    "table",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="For transparency, with a period as TITLE: a CSV of cases outside of the repository.",
)
@click.option("--by", metavar="COLUMN", default="category", help="What cases are counted by.")
@reported
def new(
    kind: str,
    title: str | None,
    from_git: str | None,
    root: Path,
    now: datetime,
    *,
    checklist: bool,
    table: Path | None,
    by: str,
) -> int:
    """Begin a new entry with TITLE. KIND is post, event, guide, guideline, person or another.

    KIND former keeps the text of the guideline that TITLE names by its id; KIND transparency takes
    a period; KIND walk prints a newcomer's checklist for the guide that TITLE names.
    """
    from townsquare import authoring

    if from_git is not None:
        return authoring.person_from_git(root, kind, title, from_git, now=now)
    if title is None:
        raise click.UsageError("Missing argument 'TITLE'.")
    if table is not None:
        return authoring.new_figures(root, kind, title, table, by, now=now)
    if checklist or kind == "walk":
        return authoring.checklist(root, kind, title, now=now)
    return authoring.new(root, kind, title, now=now)


@main.group(invoke_without_command=True)
@root_option
@now_option
@click.option(
    "--format",
    "form",
    type=click.Choice(("text", "json", "csv")),
    default="text",
    help="How the figures are written.",
)
@click.pass_context
def report(context: click.Context, root: Path, now: datetime | None, form: str) -> None:
    """Say how the community is doing, in figures; its subcommands collect what they are made of."""
    from townsquare import reporting

    if context.invoked_subcommand is None:
        reported(reporting.show)(root, form, now=now)


@report.command()
@click.option("--site", metavar="PLACE", help="The site's address or folder [ROOT/site].")
@root_option
@now_option
@click.option(
    "--within",
    metavar="HOURS",
    type=click.IntRange(0),
    default=24,
    show_default=True,
    help="How soon after it falls due a change must be there.",
)
@click.option("--outdated", is_flag=True, help="Ask the package index for newer releases.")
@click.option(
    "--format", "form", type=click.Choice(("text", "json")), default="text", help="How it is told."
)
@reported
def platform(site: str | None, root: Path, **options: Any) -> int:
    """Say how old the site is and what it weighs; exit with 1 where its next build is late."""
    from townsquare import operating

    return operating.show(site or str(root / "site"), HERE / "requirements.lock", **options)


@report.command()
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@root_option
@now_option
@click.option("--engine", metavar="URL", help="Ask an engine instead of files (an Ibis URL).")
@click.option("--table", metavar="NAME", help="The engine's table or view of requests.")
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    help="With --engine: only days from this one on.",
)
@reported
def ingest(root: Path, files: tuple[Path, ...], since: datetime | None, **options: Any) -> int:
    """Add what access logs, or exports of GoatCounter, Plausible or Matomo, tell of readers."""
    from townsquare.readers import command

    return command.ingest(root, files, since=since.date() if since else None, **options)


@report.command()
@click.option(
    "--forge-export",
    "exports",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Issues or change requests as JSON; may be repeated.",
)
@root_option
@now_option
@reported
def forge(root: Path, exports: tuple[Path, ...], now: datetime) -> int:
    """Say by month how soon issues and change requests were answered, from exports of a forge."""
    from townsquare.forge import command

    return command.collect(root, exports, now=now)


@main.group("import")
def import_() -> None:
    """Bring in what others publish, to be committed and shown by later builds."""


@import_.command()
@click.argument("only", metavar="[PARTNER]...", nargs=-1)
@root_option
@now_option
@click.option("--strict", is_flag=True, help="Exit with 1 where a source gives nothing.")
@reported
def partners(only: tuple[str, ...], root: Path, now: datetime, strict: bool) -> int:  # noqa: FBT001 — click passes it by name
    """Fetch the feeds and calendars of current partners, or of those that are named."""
    from townsquare.imports import bringing

    failed = bringing.partners(root, only, now=now, say=click.echo)
    return int(bool(failed and strict))


if __name__ == "__main__":
    main()
