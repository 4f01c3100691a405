"""Where every script starts: at the commands, or at what the last build said of an unchanged site.

Most builds while somebody writes find that nothing has changed. They are over before the commands'
own library is imported.
"""

from __future__ import annotations

import os
import sys
import time

HERE = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # noqa: PTH100, PTH120


def main() -> None:
    """Be the command that `sys.argv` names: ends the process."""
    begun = time.monotonic()
    if sys.argv[1:2] == ["build"] and _is_done(sys.argv[1:], begun):
        _end(0)
    from townsquare.cli import main as commands

    try:
        # What stands in `obj` is what a later start of the same words may repeat.
        commands(obj=sys.argv[1:])
    except SystemExit as end:
        if isinstance(end.code, int):
            _end(end.code)
        raise


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


def _is_done(words: list[str], begun: float) -> bool:
    """Whether the site is what this build would make, and the last build's words are said again."""
    from townsquare.upkeep import receipt

    now = _now(words)
    kept = receipt.valid(words, root_of(words), now) if now is not None else None
    if kept is None or now is None:
        return False
    receipt.repeat(kept, root_of(words), now, time.monotonic() - begun)
    return True


def _now(words: list[str]) -> float | None:
    """The instant of the build; nothing where reading it takes more than this."""
    if any(word.startswith("--now") for word in words) or "SOURCE_DATE_EPOCH" in os.environ:
        return None
    return time.time()
