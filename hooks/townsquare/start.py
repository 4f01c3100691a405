"""Where every script starts: at the commands, or at what the last build said of an unchanged site.

Most builds while somebody writes find that nothing has changed. They are over before the commands
are imported; others of the same words know what these ask for, and need no library to read them.
"""

from __future__ import annotations

import os
import sys
import time
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from townsquare.upkeep.receipt import Begun

HERE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # noqa: PTH100, PTH120 — pathlib is not imported yet


def main() -> None:
    """Be the command that `sys.argv` names: ends the process."""
    begun = time.monotonic()
    is_build = sys.argv[1:2] == ["build"]
    known = _looked_around(sys.argv[1:], begun) if is_build else None
    try:
        if known and known.asked:
            _build_again(known)
        from townsquare.cli import main as commands

        commands(obj=known)
    except SystemExit as end:
        if isinstance(end.code, int):
            _end(end.code)
        raise


def _build_again(known: Begun) -> NoReturn:
    """Be the build of the same words as one before, which knew what they ask for."""
    from townsquare import commands
    from townsquare.clock import started
    from townsquare.ending import ended

    ended(lambda: commands.build_again(known, now=started()))


def _end(code: int) -> None:
    """The process is over; what it holds in memory need not be taken apart first, 30 ms."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def root_of(words: list[str]) -> str:
    """The community's folder as the command's words name it."""
    for at, word in enumerate(words):
        if word.startswith("--root="):
            return word.removeprefix("--root=")
        if word == "--root" and at + 1 < len(words):
            return words[at + 1]
    return HERE


def _looked_around(words: list[str], begun: float) -> Begun:
    """What this build begins with; ends the process where the site is what it would make."""
    from townsquare import checkout
    from townsquare.layout import CACHE
    from townsquare.upkeep import receipt, snapshot

    now, root = _now(words), root_of(words)
    is_own = not checkout.tracks(root, CACHE)
    kept = receipt.kept(words, root, now) if now is not None and is_own else None
    if kept is None or now is None:
        return receipt.Begun(words)
    found = snapshot.taken(root)
    if receipt.holds(kept, found):
        receipt.repeat(kept, root, now, time.monotonic() - begun)
        _end(0)
    asked = receipt.asked(kept, found, words, root)
    return receipt.Begun(words, found, asked)


def _now(words: list[str]) -> float | None:
    """The instant of the build; nothing where reading it takes more than this."""
    if any(word.startswith("--now") for word in words) or "SOURCE_DATE_EPOCH" in os.environ:
        return None
    return time.time()
