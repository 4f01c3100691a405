"""Where to find names among very many, without reading them."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from hashlib import blake2b
from struct import unpack

_FEW = 200
_EACH = 20


class NameIndex:
    """The number of each name, by a digest of sixteen bytes, which no two names have in common.

    The salt keeps authors from looking for two that do. A digest's first half is what is searched.
    """

    def __init__(self, salt: str, data: bytes) -> None:
        self.salt = salt
        self._key = bytes.fromhex(salt)
        count = len(data) // _EACH
        self._firsts, self._seconds, self._numbers = array("Q"), array("Q"), array("I")
        self._firsts.frombytes(data[: 8 * count])
        self._seconds.frombytes(data[8 * count : 16 * count])
        self._numbers.frombytes(data[16 * count :])

    def data(self) -> bytes:
        """What the next index of this salt is made from, in this machine's byte order."""
        return b"".join(each.tobytes() for each in (self._firsts, self._seconds, self._numbers))

    def find(self, name: str) -> int | None:
        """The number of the name, if it has one."""
        at = self._at(name)
        return None if at is None else self._numbers[at]

    def add(self, names: Iterable[tuple[str, int]]) -> None:
        """Each of the names has its number; none of them had one."""
        new = [(*self._digest(name), number) for name, number in names]
        if len(new) > _FEW:
            new = sorted([*zip(self._firsts, self._seconds, self._numbers, strict=True), *new])
            self._firsts = array("Q", [first for first, _, _ in new])
            self._seconds = array("Q", [second for _, second, _ in new])
            self._numbers = array("I", [number for _, _, number in new])
            return
        for first, second, number in new:
            at = bisect_left(self._firsts, first)
            self._firsts.insert(at, first)
            self._seconds.insert(at, second)
            self._numbers.insert(at, number)

    def remove(self, name: str) -> None:
        """The name, which has a number, has none any longer."""
        at = self._at(name)
        if at is None:
            raise KeyError(name)
        del self._firsts[at], self._seconds[at], self._numbers[at]

    def _at(self, name: str) -> int | None:
        first, second = self._digest(name)
        firsts = self._firsts
        at = bisect_left(firsts, first)
        while at < len(firsts) and firsts[at] == first:
            if self._seconds[at] == second:
                return at
            at += 1
        return None

    def _digest(self, name: str) -> tuple[int, int]:
        made = blake2b(name.encode("utf-8", "surrogatepass"), digest_size=16, key=self._key)
        first, second = unpack("=2Q", made.digest())
        return first, second
