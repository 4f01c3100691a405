"""Which agents are not people: the list of crawlers that others keep, as patterns for any engine.

https://github.com/monperrus/crawler-user-agents, pinned with the other libraries of `ingest`.
"""

from __future__ import annotations

import json
import re
from functools import cache
from importlib import resources
from typing import Any

FEED_READER = "feed-reader"
# BigQuery, ClickHouse and Spark each escape a backslash in their own way: so none is written.
_CLASSES = {"d": "[0-9]", "s": "[ ]", "n": "[ ]"}
_ESCAPED = re.compile(r"\[\\s\\S\]|\\(.)")


def crawlers() -> str:
    """A pattern that finds every crawler but those that fetch feeds for people."""
    return _either(p for p, tags in _listed() if FEED_READER not in tags)


def feed_readers() -> str:
    """A pattern that finds what fetches feeds for people."""
    return _either(p for p, tags in _listed() if FEED_READER in tags)


def portable(pattern: str) -> str:
    """The same pattern in what RE2 and Java both read, without a backslash."""

    def plain(found: re.Match[str]) -> str:
        letter = found[1]
        return "." if letter is None else _CLASSES.get(letter, f"[{letter}]")

    return _ESCAPED.sub(plain, pattern)


@cache
def _listed() -> list[tuple[str, list[str]]]:
    file = resources.files("crawleruseragents").joinpath("crawler-user-agents.json")
    known: list[dict[str, Any]] = json.loads(file.read_text("utf-8"))
    return [(portable(each["pattern"]), each["tags"]) for each in known]


def _either(patterns: Any) -> str:
    return "|".join(sorted(patterns))
