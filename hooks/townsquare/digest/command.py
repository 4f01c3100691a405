"""What `townsquare digest` does once its options are read; it returns the exit code."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path

import click

from townsquare import build as building
from townsquare import cache, commands, formats, layout
from townsquare import digest as digests
from townsquare.community import Community
from townsquare.problems import SetupError
from townsquare.settings import LOCAL


def digest(
    root: Path, *, since: date, until: date, form: str, out: Path | None, now: datetime
) -> int:
    """Writes the digest of a period in UTF-8; with errors nothing but them."""
    commands.refuse_empty(root)
    if since >= until:
        raise SetupError(f"`--until` is the day after the last: {until} is not after {since}")
    if out is not None:
        commands.refuse_inside(root, out)
    kept = cache.Cache(root / layout.CACHE)
    with commands.progress("Reading and checking"):
        checked = building.check(root, now=now, cache=kept)
    if checked.errors:
        formats.write(checked.errors, root, "text")
        commands.say("Nothing was written: mend the errors.")
        return 1
    community = Community(checked.library, checked.bodies, checked.clock, checked.addresses)
    text = digests.written(digests.gathered(community, since, until), form).encode()
    kept.save(tidy=False)
    if out is None:
        click.echo(text, nl=False)
    else:
        out.write_bytes(text)
    if not community.clock.day_passed(until - timedelta(days=1)):
        commands.say("The period is not over: what is still to come in it will change this.")
    if community.settings.site_url == LOCAL:
        commands.say(f"no `site_url` in mkdocs.yml: all links lead to {LOCAL}")
    return 0
