"""A site that is to be published, looked through as a whole before it takes the old one's place.

Every page, feed, calendar and data file that was planned is there and can be read, nothing else is,
and no sentence that only hidden entries hold. Other programs' parsers decide what can be read.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from townsquare import proof, search
from townsquare.figures import platform
from townsquare.library import Library
from townsquare.output import RECORD, SUMS
from townsquare.problems import SetupError
from townsquare.upkeep import listing

if TYPE_CHECKING:
    from townsquare.build import Plan

THEME = "assets/"
"""Where the theme's own files stand, beside its page for addresses that lead nowhere."""
NOT_FOUND = "404.html"
INDEX = f"{search.FOLDER}/"
"""Where the search index stands: it is made from the pages, and packed."""
_OWN = (RECORD, SUMS, NOT_FOUND)
# Words that stand in one line of the source as they stand in HTML, JSON, XML and calendars.
_WORDS = re.compile(r"[^\W_](?:[^\W_]|[ .-]){38,}[^\W_]")
_SENTENCES = 3
_FOLD = b"\r\n "


def inspect(plan: Plan, folder: Path) -> None:
    """The site in the folder is the plan's, whole, readable, and shows nothing hidden.

    Raises RuntimeError for what is missing, too much or unreadable, which is a fault of ours, and
    SetupError, which names both files, for a sentence of a hidden entry.
    """
    found = sorted(listing.files(str(folder)))
    _refuse_other_files(plan, found)
    secrets = dict(_hidden_sentences(plan.community.library))
    for path in found:
        if path.startswith(INDEX) or path in (RECORD, SUMS):
            continue
        content = (folder / path).read_bytes()
        read = _READERS.get(path[path.rfind(".") :])
        if read is not None:
            read(path, content)
        _refuse_secrets(path, content.replace(_FOLD, b""), secrets)


def _refuse_other_files(plan: Plan, found: list[str]) -> None:
    pages = {f"{page.address}index.html" for page in plan.pages}
    planned = {*pages, *plan.files, *plan.assets, *platform.OWN, *_OWN}
    given = (THEME, INDEX)
    if missing := sorted(planned.difference(found)):
        raise RuntimeError(f"{len(missing)} planned files are missing, the first is {missing[0]}")
    strange = [path for path in found if path not in planned and not path.startswith(given)]
    if strange:
        raise RuntimeError(f"{len(strange)} files were not planned, the first is {strange[0]}")


def _hidden_sentences(library: Library) -> Iterator[tuple[bytes, str]]:
    """Sentences that stand in hidden entries alone, as UTF-8, and the files that they are from."""
    hidden = [entry for entry in library.entries if not library.shown(entry)]
    readable = (entry.source for entry in library.readable())
    shown = "\n".join(f"{each.yaml}\n{each.body}" for each in readable)
    for entry in hidden:
        sentences = sorted(set(_WORDS.findall(entry.source.body)), key=len, reverse=True)
        own = [each for each in sentences if each not in shown]
        yield from ((each.encode(), entry.path) for each in own[:_SENTENCES])


def _refuse_secrets(path: str, content: bytes, secrets: Mapping[bytes, str]) -> None:
    for sentence, source in secrets.items():
        if sentence in content:
            raise SetupError(
                f"{source} is hidden, and {path} would show of it: `{sentence.decode()[:60]}`; "
                "take the sentence out of what readers see, or publish the file"
            )


def _page(path: str, content: bytes) -> None:
    if not content.lower().startswith(b"<!doctype html>") or not content.rstrip().endswith(
        b"</html>"
    ):
        raise RuntimeError(f"{path} is no whole page")


def _data(path: str, content: bytes) -> None:
    try:
        json.loads(content)
    except ValueError as error:
        raise RuntimeError(f"{path} cannot be read back: {error}") from error


_READERS: Mapping[str, Callable[[str, bytes], None]] = {
    ".html": _page,
    ".ics": proof.calendar,
    ".json": _data,
    ".opml": proof.xml,
    ".svg": proof.xml,
    ".xml": proof.xml,
}
