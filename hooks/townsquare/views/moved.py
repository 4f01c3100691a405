"""Old addresses: those that lead to a page, and those whose page was taken away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from townsquare.community import Community
from townsquare.ledger import Outcome
from townsquare.pages import Page
from townsquare.wordbook import _


def pages(community: Community, outcome: Outcome, titles: Mapping[str, str]) -> Iterator[Page]:
    """A page for every former address; `titles` are those of the pages that there are."""
    for address, target in sorted(outcome.redirects.items()):
        data = {"target": target, "target_title": titles.get(target, community.settings.site_name)}
        to = community.settings.absolute(target)
        title = _("This page has moved")
        yield Page(address, title, "redirect.html", data, canonical=to, indexed=False)
    for removed in outcome.removed:
        section = _nearest(removed.address, titles)
        yield Page(
            removed.address,
            removed.title or _("This page was removed"),
            "removed.html",
            section=section,
            indexed=False,
        )


def _nearest(address: str, known: Mapping[str, str]) -> str:
    """The nearest list above the address that there is."""
    above = address.rstrip("/")
    while above:
        above = above.rpartition("/")[0]
        if not above or f"{above}/" in known:
            break
    return f"{above}/" if above else ""
