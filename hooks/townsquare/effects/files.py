"""Pictures, recordings and other files that are published as they are; and the site's choices."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

from townsquare import attachments
from townsquare.build import Edition
from townsquare.effects.records import Change, Pair
from townsquare.library import Asset
from townsquare.settings import FILE


def changes(pair: Pair) -> Iterator[Change]:
    """Each file that appears, goes or has other bytes, and each choice of the site's."""
    old, new = attachments.shown(pair.before.community), attachments.shown(pair.after.community)
    for path in sorted({*old, *new}):
        if path not in old:
            yield _of("added", new[path])
        elif path not in new:
            yield _of("removed", old[path])
        elif _bytes(pair.before, old[path]) != _bytes(pair.after, new[path]):
            yield _of("changed", new[path])
    yield from _settings(pair)


def _of(how: Any, asset: Asset) -> Change:
    title = asset.path.rpartition("/")[2]
    return Change("files", how, title, address=asset.address, path=asset.path)


def _bytes(edition: Edition, asset: Asset) -> bytes:
    return Path(edition.community.library.root, asset.path).read_bytes()


def _settings(pair: Pair) -> Iterator[Change]:
    old, new = pair.before.community.settings, pair.after.community.settings
    for each in fields(new):  # type: ignore[arg-type]  # pyright sees none in it, see `values`
        was, now = getattr(old, each.name), getattr(new, each.name)
        if was != now:
            note = f"from {was} to {now}, which may change every page, feed and calendar"
            yield Change("settings", "changed", each.name, path=FILE, notes=(note,))
