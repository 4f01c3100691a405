"""Where to find names among very many, without reading them."""

from __future__ import annotations

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from hashlib import blake2b

_FEW = 200


class NameIndex:
    """The number of each name, by a digest of eight bytes: whoever asks looks at the name itself.

    The salt keeps authors from finding two names of one digest.
    """

    def __init__(self, salt: str, data: bytes) -> None:
        self.salt = salt
        self._key = bytes.fromhex(salt)
        count = len(data) // 12
        self._digests, self._numbers = array("Q"), array("I")
        self._digests.frombytes(data[: 8 * count])
        self._numbers.frombytes(data[8 * count :])

    def __len__(self) -> int:
        return len(self._digests)

    def data(self) -> bytes:
        """What the next index of this salt is made from, in this machine's byte order."""
        return self._digests.tobytes() + self._numbers.tobytes()

    def find(self, name: str) -> int | None:
        """The number of the name, or of another one where the name has none."""
        of = self._digest(name)
        at = bisect_left(self._digests, of)
        found = at < len(self._digests) and self._digests[at] == of
        return self._numbers[at] if found else None

    def add(self, names: Iterable[tuple[str, int]]) -> None:
        """Each of the names has its number; none of them had one."""
        new = [(self._digest(name), number) for name, number in names]
        if len(new) > _FEW:
            new = sorted([*zip(self._digests, self._numbers, strict=True), *new])
            self._digests = array("Q", [of for of, _ in new])
            self._numbers = array("I", [number for _, number in new])
            return
        for of, number in new:
            at = bisect_left(self._digests, of)
            self._digests.insert(at, of)
            self._numbers.insert(at, number)

    def remove(self, name: str) -> None:
        """The name has no number any longer."""
        at = bisect_left(self._digests, self._digest(name))
        del self._digests[at], self._numbers[at]

    def _digest(self, name: str) -> int:
        made = blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8, key=self._key)
        return int.from_bytes(made.digest(), "big")
