"""A generator that runs in a process of its own, so that none of its memory is ours.

A buffer that a database writes to a disk holds whatever stood there before, up to its end: in one
process that can be a line of a log, although nobody asked for it to be written.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from multiprocessing.connection import Connection
from typing import Any, NamedTuple

from townsquare.problems import SetupError


class _Failed(NamedTuple):
    error: BaseException


def apart(work: Callable[..., Iterable[Any]], *arguments: Any) -> Iterator[Any]:
    """What `work` yields, made by a fresh process; its exceptions are raised here.

    The process is one made anew, not a fork, and ends with the block that asks.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_serve, args=(theirs, work, arguments), daemon=True)
    process.start()
    theirs.close()
    try:
        yield from _received(ours)
    finally:
        process.terminate()
        process.join()
        ours.close()


def _received(connection: Connection) -> Iterator[Any]:
    while True:
        try:
            message = connection.recv()
        except EOFError:
            raise SetupError("the process that reads the files died: is there memory?") from None
        if message is None:
            return
        if isinstance(message, _Failed):
            raise message.error
        yield message


def _serve(
    connection: Connection, work: Callable[..., Iterable[Any]], arguments: tuple[Any, ...]
) -> None:
    try:
        for message in work(*arguments):
            connection.send(message)
        connection.send(None)
    except SetupError as error:
        connection.send(_Failed(error))
    except KeyboardInterrupt:
        pass  # the process that asked was stopped, too, and says so
    except Exception:
        import traceback

        connection.send(_Failed(RuntimeError(traceback.format_exc())))
