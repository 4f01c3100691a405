"""What `townsquare report forge` does once its options are read; it returns the exit code."""

from __future__ import annotations

import os
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from townsquare import commands, settings
from townsquare.figures import contributors
from townsquare.forge import items, response
from townsquare.history import Contact
from townsquare.problems import SetupError


def collect(root: Path, exports: Sequence[Path], *, now: datetime) -> int:
    """The exports' monthly figures are in data/forge, in place of those from before."""
    if not exports:
        raise SetupError("name what the forge exported: --forge-export issues.json, and again")
    bots = settings.read(root)[0].bots

    def is_bot(login: str) -> bool:
        return contributors.is_bot(Contact(login, ""), bots)

    found = items.items(exports, is_bot)
    rows = response.rows(found, now=now)
    _replaced(root / response.FILE, response.written(rows))
    answers = sum(each.tells_answers for each in found)
    commands.say(f"{len(found)} items were read, without those of bots.")
    if answers < len(found):
        commands.say(f"  {len(found) - answers} do not say who answered when: see the guide.")
    commands.say(f"{response.FILE} says what came of them: look at it, and commit it.")
    return 0


def _replaced(file: Path, data: bytes) -> None:
    """The file holds this, whole."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f".{file.name}.new")
    fresh.write_bytes(data)
    os.replace(fresh, file)  # noqa: PTH105 - over an existing file on Windows, too
