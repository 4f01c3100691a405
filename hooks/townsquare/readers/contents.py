"""A log or an export as bytes: unpacked, in whole lines, and known again by its digest.

Whatever the bytes are, memory is bounded: a line may be as long as a disk.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import IO, NamedTuple, cast

from townsquare.problems import SetupError
from townsquare.readers.ingested import Known

LONGEST_LINE = 32 * 1024
PIECE = 8 * 1024 * 1024
_GZIP = b"\x1f\x8b"


class Content(NamedTuple):
    """A file's whole lines, unpacked. Of its bytes, the first `start` were read before.

    What follows the last line break is a line that is still being written: it waits.
    """

    path: Path
    whole: Known
    start: int
    unfinished: int

    @property
    def is_new(self) -> bool:
        """Whether it holds lines that were not read before."""
        return self.start < self.whole.length


def examined(path: Path, known: Iterable[Known]) -> Content:
    """What the file holds, compared with what was read before.

    A file read before has a known digest under any name, packed or not; one that has grown begins
    with such content.
    """
    digests = {each.length: each.digest for each in known}
    waiting = sorted(digests)
    hashed, at, start = sha256(), 0, 0
    ended = Known(0, hashed.hexdigest())
    for piece in _pieces(path):
        cuts = [each for each in waiting if at < each <= at + len(piece)]
        last = at + piece.rfind(b"\n") + 1
        begin = at
        for cut in sorted({*cuts, last} - {at}):
            hashed.update(piece[begin - at : cut - at])
            begin = cut
            if digests.get(cut) == (found := hashed.hexdigest()):
                start = cut
            if cut == last:
                ended = Known(cut, found)
        hashed.update(piece[begin - at :])
        at += len(piece)
    return Content(path, ended, start, at - ended.length)


def beginning(path: Path, size: int = 64 * 1024) -> bytes:
    """The file's first bytes, unpacked."""
    return next(_pieces(path, size), b"")


def blocks(content: Content) -> Iterator[bytes]:
    """The lines that were not read before, many at a time, each with its line break.

    Of a line longer than `LONGEST_LINE` a little more than that is left, by which it is known.
    """
    rest, at = b"", 0
    for piece in _pieces(content.path):
        begin, end = max(content.start - at, 0), content.whole.length - at
        at += len(piece)
        data = rest + piece[begin : max(end, 0)]
        cut = data.rfind(b"\n") + 1
        rest = data[cut:][: LONGEST_LINE + 1]
        if cut:
            yield data[:cut]


def lines_of(block: bytes) -> list[str]:
    """The block's lines as text; what is no UTF-8, and NUL, is U+FFFD."""
    text = block.decode("utf-8", "replace").replace("\0", "\ufffd")
    return text[:-1].split("\n")


@contextmanager
def unpacked(path: Path) -> Generator[IO[bytes]]:
    """The file, unpacked where it is packed by gzip; SetupError where it cannot be read."""
    try:
        with path.open("rb") as file:
            packed = file.read(2) == _GZIP
            file.seek(0)
            if not packed:
                yield file
                return
            with gzip.open(file) as inside:
                yield cast("IO[bytes]", inside)
    except (OSError, EOFError, zlib.error) as error:
        raise SetupError(f"{path} cannot be read: {error}") from error


def _pieces(path: Path, size: int = PIECE) -> Iterator[bytes]:
    with unpacked(path) as file:
        while piece := file.read(size):
            yield piece
