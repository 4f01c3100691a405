"""Where a community's files stand. Little is imported: every start asks this first."""

FOLDERS = ("content", "events", "guidelines")
DATA = "data"
COLLECTED = (f"{DATA}/forge", f"{DATA}/imports", f"{DATA}/readers")
"""Where our tools put what they gathered, to be committed; other files in `data/` are not ours."""
SETTINGS = "mkdocs.yml"
CACHE = ".cache"
MAX_TEXT_BYTES = 256 * 1024
