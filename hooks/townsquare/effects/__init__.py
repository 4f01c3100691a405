"""What a change does to what readers get: pages, feeds, calendars, addresses, in plain words.

Two communities are taken through the makers that a build takes them through, the later one grown
from the ledger that the earlier one leaves: what is told is what pages, items, calendar entries and
redirects differ in, not what files do.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from townsquare import build
from townsquare.build import Checked
from townsquare.effects import addresses, calendar, feeds, files, hidden, pages, versions
from townsquare.effects.records import GROUPS, HOWS, Change, Effects, Pair
from townsquare.ledger import Previous
from townsquare.wordbook import _

__all__ = ["Change", "Effects", "between"]


def between(before: Checked, after: Checked) -> Effects:
    """What readers get otherwise; `untold` says why nothing could be found out.

    Both are seen at one instant and with one git history. Faulty files of `before` are left out.
    """
    if after.errors:
        return Effects((), untold=_UNTOLD_AFTER)
    if before.errors and not before.can_go_on:
        return Effects((), untold=_UNTOLD_BEFORE)
    whole = build.without_faulty(before)
    # The files of a base are no checkout: without the past, all figures made of it would differ.
    held = replace(whole.library, history=after.library.history)
    earlier = build.edition(replace(whole, library=held), previous=Previous())
    later = build.edition(after, previous=Previous(earlier.outcome.ledger))
    faulty = sorted({each.place.path for each in before.errors})
    return Effects(_sorted(_found(Pair(earlier, later))), faulty=tuple(faulty))


def _found(pair: Pair) -> Iterator[Change]:
    for module in (pages, hidden, files, feeds, versions, calendar, addresses):
        yield from module.changes(pair)


def _sorted(found: Iterator[Change]) -> tuple[Change, ...]:
    def place(change: Change) -> tuple[int, int, str, str, str]:
        group, how = GROUPS.index(change.group), HOWS.index(change.how)
        return group, how, change.title.casefold(), change.address, change.path

    return tuple(sorted(found, key=place))


_UNTOLD_AFTER = _("What would change cannot be told until the errors are mended.")
_UNTOLD_BEFORE = _("What would change cannot be told: the base itself cannot be built.")
