"""What commands have in common: their options, and how each ends the process."""

from __future__ import annotations

import errno
import gc
import sys
from collections.abc import Callable
from datetime import date, datetime
from functools import wraps
from pathlib import Path
from typing import Any

import click

from townsquare import checkout, layout
from townsquare.clock import EARLIEST, LATEST, started, within_reach
from townsquare.problems import SetupError

PACKAGE = Path(__file__).resolve().parent
HERE = PACKAGE.parents[1] if PACKAGE.parent.name == "hooks" else Path()
FORMATS = ("text", "github", "gitlab", "sarif", "json")
BROKEN, STOPPED = 2, 130
_ROOM = "make room and run it again: what was published before is untouched"
_FOLDER = "a folder belongs there, and there is a file"
_RIGHTS = "give yourself the right to write there, or name another folder"
REFUSALS = {
    errno.ENOSPC: _ROOM,
    errno.EDQUOT: _ROOM,
    errno.EFBIG: _ROOM,
    errno.EACCES: _RIGHTS,
    errno.EPERM: _RIGHTS,
    errno.EROFS: _RIGHTS,
    errno.ENAMETOOLONG: "name a folder whose path is shorter",
    errno.ENOTDIR: _FOLDER,
    errno.EEXIST: _FOLDER,
    errno.EIO: "look after the disk",
    errno.EMFILE: "let more files be open at once (`ulimit -n`)",
    errno.ENFILE: "close what has so many files open",
}
"""What to do where the system refuses: no fault of content's, and none of ours."""


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
        # Almost all that a command makes is in use to its end: collecting it is time lost.
        gc.set_threshold(100_000, 50, 100)
        try:
            if "now" in options:
                options["now"] = options["now"] or started()
            sys.exit(command(*args, **options))
        except SetupError as error:
            click.echo(f"townsquare: {error}", err=True)
            sys.exit(BROKEN)
        except click.ClickException:
            # The words were wrong, which click says itself.
            raise
        except KeyboardInterrupt:
            click.echo("townsquare: stopped; what was published before is untouched", err=True)
            sys.exit(STOPPED)
        except OSError as error:
            if error.errno not in REFUSALS:
                _our_fault()
            else:
                click.echo(f"townsquare: {_refused(error)}", err=True)
            sys.exit(BROKEN)
        except Exception:
            _our_fault()
            sys.exit(BROKEN)

    return run


def _refused(error: OSError) -> str:
    """What the system does not let us do, and where."""
    where = f" ({error.filename})" if error.filename else ""
    hint = REFUSALS[error.errno or 0]
    return f"the system says: {error.strerror}{where}; {hint}"


def _our_fault() -> None:
    import traceback

    click.echo(traceback.format_exc(), err=True)
    click.echo("townsquare: this is a bug of ours: please report the lines above", err=True)


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
