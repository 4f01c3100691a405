"""How a command ends the process: with its exit code, or with words about what went wrong."""

from __future__ import annotations

import errno
import gc
import sys
from collections.abc import Callable
from typing import NoReturn

from townsquare.problems import SetupError

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


def ended(command: Callable[[], int], but: tuple[type[Exception], ...] = ()) -> NoReturn:
    """Ends the process with the command's exit code; what went wrong is said, not thrown.

    Raises what is one of `but`, which is another's to say.
    """
    # Almost all that a command makes is in use to its end: collecting it is time lost.
    gc.set_threshold(100_000, 50, 100)
    try:
        sys.exit(command())
    except SetupError as error:
        _say(f"townsquare: {error}")
        sys.exit(BROKEN)
    except but:
        raise
    except KeyboardInterrupt:
        _say("townsquare: stopped; what was published before is untouched")
        sys.exit(STOPPED)
    except OSError as error:
        if error.errno not in REFUSALS:
            _our_fault()
        else:
            _say(f"townsquare: {_refused(error)}")
        sys.exit(BROKEN)
    except Exception:
        _our_fault()
        sys.exit(BROKEN)


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def _refused(error: OSError) -> str:
    """What the system does not let us do, and where."""
    where = f" ({error.filename})" if error.filename else ""
    hint = REFUSALS[error.errno or 0]
    return f"the system says: {error.strerror}{where}; {hint}"


def _our_fault() -> None:
    import traceback

    _say(traceback.format_exc())
    _say("townsquare: this is a bug of ours: please report the lines above")
