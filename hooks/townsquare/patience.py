"""A bound of the processor's time that one piece of content may take.

Bounds that are counted (`complexity`) come first, are the same everywhere and say what there is too
much of. This one ends what nobody foresaw, a regular expression in its midst too: Python's own
matcher looks for signals. Where the system has no such timer, and beside the main thread, where no
signal arrives, nothing is bounded.
"""

from __future__ import annotations

import signal
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType


class TookTooLong(BaseException):
    """The time is over. No exception of the ordinary sort: no library is to catch it on the way."""


@contextmanager
def bounded(seconds: float) -> Generator[None]:
    """Raises TookTooLong where the block takes more than so much of the processor's time."""
    try:
        former = signal.signal(signal.SIGVTALRM, _end)
    except (AttributeError, ValueError):
        yield
        return
    # Counts while this process is running, so that a busy machine changes nothing: setitimer(2).
    signal.setitimer(signal.ITIMER_VIRTUAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, former)


def _end(_number: int, _frame: FrameType | None) -> None:
    raise TookTooLong
