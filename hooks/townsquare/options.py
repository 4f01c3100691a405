"""What commands have in common: their options."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click

from townsquare import checkout, layout
from townsquare.clock import EARLIEST, LATEST, started, within_reach
from townsquare.ending import BROKEN, ended
from townsquare.problems import SetupError

PACKAGE = Path(__file__).resolve().parent
HERE = PACKAGE.parents[1] if PACKAGE.parent.name == "hooks" else Path()
FORMATS = ("text", "github", "gitlab", "sarif", "json")


class Instant(click.ParamType[datetime]):
    """An instant as RFC 3339 writes it: `2026-11-23T12:00:00Z`."""

    name = "instant"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The text as an instant, UTC."""
        try:
            instant = datetime.fromisoformat(value)
            if instant.tzinfo is None:
                self.fail("the instant needs a zone: add `Z`", param, ctx)
            return within_reach(instant)
        except SetupError as error:
            self.fail(str(error), param, ctx)
        except (ValueError, OverflowError):
            self.fail(f"`{value}` is not an instant; write it as 2026-11-23T12:00:00Z", param, ctx)


def reported(command: Callable[..., int]) -> Callable[..., None]:
    """Ends the process with the command's exit code; what went wrong is said, not thrown."""

    @wraps(command)
    def run(*args: Any, **options: Any) -> None:
        def code() -> int:
            if "now" in options:
                options["now"] = options["now"] or started()
            return command(*args, **options)

        # Where the words were wrong, click says so itself.
        ended(code, but=(click.ClickException,))

    return run


class Day(click.ParamType[date]):
    """A date as ISO 8601 writes it: `2026-11-01`."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The text as a date with which dates around it can be reckoned."""
        try:
            day = date.fromisoformat(value)
        except ValueError:
            self.fail(f"`{value}` is not a date; write it as 2026-11-01", param, ctx)
        if not EARLIEST.year <= day.year <= LATEST.year:
            self.fail(f"a date is from {EARLIEST.year} to {LATEST.year}", param, ctx)
        return day


class _Refused(click.ClickException):
    exit_code = BROKEN


def _with_own_cache(_context: click.Context, _param: click.Parameter, root: Path) -> Path:
    """The folder, unless commits brought what only this machine may say: builds believe it."""
    if checkout.tracks(str(root), layout.CACHE):
        name = layout.CACHE
        raise _Refused(f"commits hold {name}/, which nobody reviews: `git rm -r --cached {name}`")
    return root


root_option = click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    callback=_with_own_cache,
    default=HERE,
    show_default=False,
    help="The community's folder, if not this one.",
)
now_option = click.option(
    "--now",
    type=Instant(),
    help="Build as of this instant, such as 2026-11-23T12:00:00Z "
    "[SOURCE_DATE_EPOCH, else the clock].",
)
strict_option = click.option("--strict", is_flag=True, help="Warnings are errors.")
format_option = click.option(
    "--format", "form", type=click.Choice(FORMATS), default="text", help="How problems are written."
)
previous_option = click.option(
    "--previous",
    metavar="PLACE",
    help="The published site: a folder, its ledger.json, or an address; `lost` if it is gone.",
)
first_option = click.option("--first-publish", is_flag=True, help="There is no published site yet.")
