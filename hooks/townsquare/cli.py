"""The commands. Exit codes: 0 no errors, 1 errors in content, 2 broken set-up."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click

from townsquare.problems import SetupError

ENGINE = Path(__file__).resolve().parents[2]
FORMATS = ("text", "github", "gitlab", "sarif", "json")


class Instant(click.ParamType):
    """An instant as RFC 3339 writes it: `2026-11-23T12:00:00Z`."""

    name = "instant"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        if isinstance(value, datetime):
            return value
        try:
            instant = datetime.fromisoformat(value)
        except ValueError:
            self.fail(f"`{value}` is not an instant; write it as 2026-11-23T12:00:00Z", param, ctx)
        if instant.tzinfo is None:
            self.fail("the instant needs a zone: add `Z`", param, ctx)
        return instant.astimezone(UTC)


def started() -> datetime:
    """The build's instant: `SOURCE_DATE_EPOCH` where it is set, else the clock, read once."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdigit():
        return datetime.fromtimestamp(int(epoch), UTC)
    return datetime.now(UTC)


def _reported(command: Callable[..., int]) -> Callable[..., None]:
    """Turns a broken set-up into one line and exit code 2."""

    @wraps(command)
    def run(*args: Any, **options: Any) -> None:
        try:
            sys.exit(command(*args, **options))
        except SetupError as error:
            click.echo(f"townsquare: {error}", err=True)
            sys.exit(2)

    return run


root_option = click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    default=ENGINE,
    help="The community's folder, if not this repository.",
)
now_option = click.option("--now", type=Instant(), default=started, help="Build as of this instant.")
strict_option = click.option("--strict", is_flag=True, help="Warnings are errors.")
format_option = click.option(
    "--format", "form", type=click.Choice(FORMATS), default="text", help="How problems are written."
)
previous_option = click.option(
    "--previous",
    help="The published site: a folder, its ledger.json, or an address; `lost` if it is gone.",
)
first_option = click.option(
    "--first-publish", is_flag=True, help="There is no published site yet."
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
@strict_option
@click.option("--keep-going", is_flag=True, help="Leave out faulty entries, build, exit with 1.")
@click.option("--no-search", is_flag=True, help="Leave out the search index.")
@format_option
@_reported
def build(root: Path, out: Path | None, **options: Any) -> int:
    """Check everything and build the site, its feeds, calendars and data."""
    from townsquare import commands

    return commands.build(root, out or root / "site", **options)


@main.command()
@root_option
@now_option
@previous_option
@first_option
@strict_option
@click.option("--base", metavar="REF", help="Report only what has changed since this commit.")
@click.option("--explain", metavar="CODE", help="Say why a code is a problem.")
@format_option
@_reported
def check(root: Path, explain: str | None, **options: Any) -> int:
    """Find everything that is wrong, without building."""
    from townsquare import commands

    return commands.explain(explain) if explain else commands.check(root, **options)


@main.command()
@root_option
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
@_reported
def serve(root: Path, port: int) -> int:
    """Show the site on this machine and every edit as it is saved."""
    from townsquare import serve as server

    return server.run(root, port)


@main.command()
@click.argument("kind")
@click.argument("title")
@root_option
@_reported
def new(kind: str, title: str, root: Path) -> int:
    """Begin a new entry: KIND is post, event, guide, person, …"""
    from townsquare import commands

    return commands.new(root, kind, title, date.today())


if __name__ == "__main__":
    main()
