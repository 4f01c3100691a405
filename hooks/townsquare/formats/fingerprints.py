"""Names by which a forge knows a problem again, so that it tells new ones from old."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256

from townsquare.problems import Problem


def fingerprinted(problems: Iterable[Problem]) -> Iterator[tuple[Problem, str]]:
    """Each problem with a name of its own that no edit elsewhere in the file changes."""
    seen: Counter[str] = Counter()
    for problem in problems:
        said = f"{problem.place.path}\0{problem.code}\0{problem.message}"
        seen[said] += 1
        yield problem, sha256(f"{said}\0{seen[said]}".encode("utf-8", "replace")).hexdigest()
