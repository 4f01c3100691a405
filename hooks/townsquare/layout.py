"""Where a community's files stand. Little is imported: every start asks this first."""

import os

FOLDERS = ("content", "events", "guidelines")
SETTINGS = "mkdocs.yml"
CACHE = ".cache"
MAX_TEXT_BYTES = 256 * 1024


def has_history(root: str) -> bool:
    """Whether the folder belongs to a git repository: asking git itself takes a process."""
    here = os.path.realpath(root)
    while not os.path.lexists(f"{here}/.git"):
        above = os.path.dirname(here)  # noqa: PTH120 (pathlib takes 8 ms)
        if above == here:
            return False
        here = above
    return True
