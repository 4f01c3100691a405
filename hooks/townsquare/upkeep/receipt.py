"""What the same command would print and leave behind, where nothing at all has changed since.

A receipt names everything that the last build depended on: its words, its folder, our code, every
file, and from when to when the clock says the same. Where all of it is as it was, and every file of
the site stands as it was written, the build is done again by saying so. Little is imported.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, NamedTuple, TypedDict

from townsquare import checkout
from townsquare.layout import CACHE, SETTINGS, make_cache
from townsquare.upkeep import engine, listing, snapshot

RECORD = "build.json"
_NAMES = ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT")


class Asked(TypedDict):
    """What a build's words ask for: its folders, and its options as the command takes them."""

    root: str
    out: str
    strict: bool
    keep_going: bool
    form: str


class Begun(NamedTuple):
    """A command's words, and the files as it found them, where it has looked.

    `asked` is what the same words asked a build before for, where one is known.
    """

    words: list[str]
    found: snapshot.Snapshot | None = None
    asked: Asked | None = None


def kept(words: list[str], root: str, now: float) -> dict[str, Any] | None:
    """What the last such command in this folder left, if it may still hold at this instant."""
    last = _read(_place(words, root))
    # Whoever listens there is told by a build that knows what it says.
    if last is None or any(name in os.environ for name in _NAMES):
        return None
    is_in_time = (last["since"] or now) <= now < (last["until"] or now + 1)
    return last if is_in_time else None


def holds(receipt: Mapping[str, Any], found: snapshot.Snapshot) -> bool:
    """Whether nothing has changed since, neither in these files nor in the site."""
    if not is_ours(receipt, found):
        return False
    if os.path.realpath(receipt["given"]) != receipt["out"]:
        # The folder was a link, which leads elsewhere now.
        return False
    now_there = [found.whole(), checkout.past(found.root)]
    return now_there == [receipt["files"], receipt["past"]] and (
        standing(listing.files(receipt["out"])) == receipt["site"]
    )


def asked(
    receipt: Mapping[str, Any], found: snapshot.Snapshot, words: list[str], root: str
) -> Asked | None:
    """What the words ask for, where our own code has left that.

    A cache may come from elsewhere: a folder that the words do not name is not believed.
    """
    if not is_ours(receipt, found):
        return None
    known: Asked = receipt["asked"]
    named = {f"{root}/site", *words, *(word.partition("=")[2] for word in words)}
    return known if known["root"] == root and known["out"] in named else None


def is_ours(receipt: Mapping[str, Any], found: snapshot.Snapshot) -> bool:
    """Whether the same code left it, for the same settings: others may say other things."""
    own = engine.fingerprint(found.texts.get(SETTINGS, b""))
    return bool(own == receipt["engine"])


def repeat(receipt: dict[str, Any], root: str, now: float, seconds: float) -> None:
    """The site's record names this instant, and what the last build said is said again."""
    record = receipt["record"] | {
        "now": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now)),
        "commit": checkout.head(root),
    }
    text = json.dumps(record, indent=2, sort_keys=True) + "\n"
    part = f"{receipt['out']}/.{RECORD}.part"
    with open(part, "wb") as file:  # noqa: PTH123 — a path as text is quicker
        file.write(text.encode())
    os.replace(part, f"{receipt['out']}/{RECORD}")  # noqa: PTH105 — a path as text is quicker
    if receipt["problems"]:
        from pathlib import Path

        from townsquare import formats
        from townsquare.upkeep.packing import unpacked

        formats.write(
            [unpacked(e) for e in receipt["problems"]], Path(root), receipt["asked"]["form"]
        )
    first, *rest = receipt["said"]
    sys.stderr.write("\n  ".join([f"{first}; {seconds:.1f} s", *rest]) + "\n")


def write(words: list[str], root: str, receipt: dict[str, Any]) -> None:
    """The same command finds this receipt."""
    place = _place(words, root)
    text = json.dumps(receipt).encode()
    try:
        make_cache(os.path.dirname(place))  # noqa: PTH120 (no pathlib)
        with open(f"{place}.part", "wb") as file:  # noqa: PTH123 — a path as text is quicker
            file.write(sha256(text).hexdigest().encode() + b"\n" + text)
        os.replace(f"{place}.part", place)  # noqa: PTH105 — a path as text is quicker
    except OSError:
        pass


def standing(files: Mapping[str, listing.Stamp]) -> str:
    """What two sites have in common in which every file stands as it was written."""
    found = sorted((path, *stamp) for path, stamp in files.items() if path != RECORD)
    return sha256(repr(found).encode("utf-8", "surrogateescape")).hexdigest()


def _place(words: list[str], root: str) -> str:
    """Each command has its own, by its words and by where it is given."""
    here = os.getcwd()  # noqa: PTH109 — a path as text is quicker
    of = sha256("\0".join([here, *words]).encode("utf-8", "surrogateescape"))
    return os.path.join(root, CACHE, f"receipt-{of.hexdigest()[:12]}.json")  # noqa: PTH118 — a path as text is quicker


def _read(place: str) -> dict[str, Any] | None:
    try:
        with open(place, "rb") as file:  # noqa: PTH123 — a path as text is quicker
            sum_, _, text = file.read().partition(b"\n")
        return json.loads(text) if sum_ == sha256(text).hexdigest().encode() else None
    except (OSError, ValueError):
        return None
