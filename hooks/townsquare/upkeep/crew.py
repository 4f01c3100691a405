"""Work shared out over the machine's cores: the same results, in the same order, however many."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")

# Starting a process and handing results over costs what some dozens of pages do.
_WORTH_SHARING = 100


def shared(tasks: list[T], work: Callable[[list[T]], R]) -> list[R]:
    """What `work` gives for each core's part of the tasks, which are taken out of their list.

    Parts are interleaved, so that heavy neighbours do not meet in one. A part whose process dies
    raises RuntimeError here.
    """
    count = _cores() if len(tasks) >= _WORTH_SHARING else 1
    parts = [tasks[number::count] for number in range(count)]
    tasks.clear()
    others = [_Helper(work, parts.pop(1)) for _ in range(1, count)]
    try:
        own = work(parts.pop())
        return [own, *(helper.result() for helper in others)]
    except BaseException:
        # Whoever clears up after this must not meet one that goes on writing.
        for helper in others:
            helper.end()
        raise


def _cores() -> int:
    # Processes that share memory by forking take no time to start; others cost what they save.
    if not sys.platform.startswith("linux"):
        return 1
    return max(1, len(os.sched_getaffinity(0)))


class _Helper:
    """A forked process that does one part and hands its result back through a pipe."""

    def __init__(self, work: Callable[[list[Any]], Any], part: list[Any]) -> None:
        self._reader, writer = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        self._child = os.fork()
        if self._child == 0:
            _serve(work, part, writer)
        os.close(writer)
        self._is_running = True

    def end(self) -> None:
        """The process is over, whatever it was at."""
        if self._is_running:
            os.close(self._reader)
            os.kill(self._child, signal.SIGKILL)
            os.waitpid(self._child, 0)

    def result(self) -> Any:
        """What the process made of its part."""
        import pickle

        found = None
        # Read as it comes: a large site's would be in memory twice.
        with os.fdopen(self._reader, "rb") as pipe, suppress(EOFError, pickle.UnpicklingError):
            # It comes from our own fork, through a pipe that nobody else has.
            found = pickle.load(pipe)  # noqa: S301
        _, status = os.waitpid(self._child, 0)
        self._is_running = False
        if status or found is None:
            raise RuntimeError("a process that was to help with the build died")
        made, error = found
        if error is not None:
            raise error
        return made


def _serve(work: Callable[[list[Any]], Any], part: list[Any], writer: int) -> None:
    """Does the part and ends the process, whose other duties are its parent's."""
    code = 1
    try:
        with os.fdopen(writer, "wb") as pipe:
            pipe.write(_outcome(work, part))
        code = 0
    finally:
        os._exit(code)


def _outcome(work: Callable[[list[Any]], Any], part: list[Any]) -> bytes:
    import pickle

    try:
        return pickle.dumps((work(part), None), pickle.HIGHEST_PROTOCOL)
    except Exception as error:
        try:
            return pickle.dumps((None, error), pickle.HIGHEST_PROTOCOL)
        except Exception:
            return pickle.dumps((None, RuntimeError(repr(error))))
