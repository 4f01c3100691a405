"""Where a community's files stand. Little is imported: every start asks this first."""

from __future__ import annotations

import os

FOLDERS = ("content", "events", "guidelines")
DATA = "data"
COLLECTED = (f"{DATA}/forge", f"{DATA}/imports", f"{DATA}/readers")
"""Where our tools put what they gathered, to be committed; other files in `data/` are not ours."""
SETTINGS = "mkdocs.yml"
CACHE = ".cache"
MAX_TEXT_BYTES = 256 * 1024


def make_cache(folder: str | os.PathLike[str]) -> None:
    """The folder is there, and git passes over it: commits must not bring what builds believe."""
    os.makedirs(folder, exist_ok=True)  # noqa: PTH103 (pathlib takes 8 ms)
    own = os.path.join(folder, ".gitignore")  # noqa: PTH118 — a path as text is quicker
    if not os.path.lexists(own):
        with open(own, "w", encoding="utf-8") as file:  # noqa: PTH123 — a path as text is quicker
            file.write("*\n")
