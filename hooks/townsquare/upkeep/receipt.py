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
from hashlib import sha256
from typing import Any

from townsquare import checkout
from townsquare.layout import CACHE, SETTINGS
from townsquare.upkeep import engine, listing, snapshot

RECORD = "build.json"
_NAMES = ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT")


def valid(words: list[str], root: str, now: float) -> dict[str, Any] | None:
    """The receipt of this command in this folder, where it holds at this instant."""
    kept = _read(_place(words, root))
    # Whoever listens there is told by a build that knows what it says.
    if kept is None or any(name in os.environ for name in _NAMES):
        return None
    if not (kept["since"] or now) <= now < (kept["until"] or now + 1):
        return None
    found = snapshot.taken(root)
    own = engine.fingerprint(found.texts.get(SETTINGS, b""))
    now_there = [own, found.whole(), checkout.past(root)]
    if now_there != [kept["engine"], kept["files"], kept["past"]]:
        return None
    return kept if standing(kept["out"]) == kept["site"] else None


def repeat(receipt: dict[str, Any], root: str, now: float, seconds: float) -> None:
    """The site's record names this instant, and what the last build said is said again."""
    record = receipt["record"] | {
        "now": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(now)),
        "commit": checkout.head(root),
    }
    text = json.dumps(record, indent=2, sort_keys=True) + "\n"
    part = f"{receipt['out']}/.{RECORD}.part"
    with open(part, "wb") as file:  # noqa: PTH123
        file.write(text.encode())
    os.replace(part, f"{receipt['out']}/{RECORD}")  # noqa: PTH105
    if receipt["problems"]:
        from pathlib import Path

        from townsquare import formats
        from townsquare.upkeep.packing import unpacked

        formats.write([unpacked(e) for e in receipt["problems"]], Path(root), receipt["form"])
    first, *rest = receipt["said"]
    sys.stderr.write("\n  ".join([f"{first}; {seconds:.1f} s", *rest]) + "\n")


def write(words: list[str], root: str, receipt: dict[str, Any]) -> None:
    """The same command finds this receipt."""
    place = _place(words, root)
    text = json.dumps(receipt).encode()
    try:
        os.makedirs(os.path.dirname(place), exist_ok=True)  # noqa: PTH103, PTH120 (no pathlib)
        with open(f"{place}.part", "wb") as file:  # noqa: PTH123
            file.write(sha256(text).hexdigest().encode() + b"\n" + text)
        os.replace(f"{place}.part", place)  # noqa: PTH105
    except OSError:
        pass


def standing(out: str) -> str:
    """What two folders have in common in which every file stands as it was written."""
    found = listing.files(out)
    found.pop(RECORD, None)
    return sha256(repr(sorted(found.items())).encode("utf-8", "surrogateescape")).hexdigest()


def _place(words: list[str], root: str) -> str:
    """Each command has its own, by its words and by where it is given."""
    here = os.getcwd()  # noqa: PTH109
    of = sha256("\0".join([here, *words]).encode("utf-8", "surrogateescape"))
    return os.path.join(root, CACHE, f"receipt-{of.hexdigest()[:12]}.json")  # noqa: PTH118


def _read(place: str) -> dict[str, Any] | None:
    try:
        with open(place, "rb") as file:  # noqa: PTH123
            sum_, _, text = file.read().partition(b"\n")
        return json.loads(text) if sum_ == sha256(text).hexdigest().encode() else None
    except (OSError, ValueError):
        return None
