"""Files that a wrong path may have meant."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from posixpath import basename, dirname, relpath


class Known:
    """The paths that there are, for hints to faults of paths."""

    def __init__(self, paths: Iterable[str], example: str) -> None:
        self._example = example
        self._by_folder: dict[str, list[str]] = {}
        self._by_name: dict[str, list[str]] = {}
        self._near: dict[str, Sequence[str]] = {}
        for path in sorted(paths):
            self._by_folder.setdefault(dirname(path), []).append(path)
            self._by_name.setdefault(basename(path), []).append(path)

    def hint(self, path: str, wrong: str) -> str:
        """What the file `path` could say in place of a link to `wrong`."""
        near = self._nearest(wrong)
        if not near:
            return f"write the path from this file, as in `{self._example}`"
        return f"did you mean `{relpath(near[0], dirname(path))}`?"

    def _nearest(self, wrong: str) -> Sequence[str]:
        """The file of this name in another folder, else the most alike in its own folder."""
        if wrong not in self._near:
            file = wrong.rstrip("/")
            elsewhere = self._by_name.get(basename(file)) or self._by_name.get(
                basename(file) + ".md"
            )
            beside = self._by_folder.get(dirname(file), [])
            self._near[wrong] = elsewhere or _most_alike(file, beside)
        return self._near[wrong]


def _most_alike(file: str, beside: list[str]) -> Sequence[str]:
    from difflib import get_close_matches  # few checks find a fault

    return get_close_matches(file, beside, n=1, cutoff=0.8)
