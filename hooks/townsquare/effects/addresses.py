"""Old addresses, and where they lead."""

from __future__ import annotations

from collections.abc import Iterator

from townsquare.effects.records import Change, How, Pair
from townsquare.wordbook import _


def changes(pair: Pair) -> Iterator[Change]:
    """Each old address that leads elsewhere than before; pages that moved say so themselves."""
    old, new = pair.before.outcome.redirects, pair.after.outcome.redirects
    were = {entry.address for entry in pair.old.values()}
    for address in sorted({*old, *new} - were):
        if address not in new:
            yield _of("removed", address, _("leads nowhere any more"))
        elif old.get(address) != new[address]:
            how = "changed" if address in old else "added"
            yield _of(how, address, _("leads to /%(to)s") % {"to": new[address]})


def _of(how: How, address: str, note: str) -> Change:
    return Change("addresses", how, f"/{address}", address=address, notes=(note,))
