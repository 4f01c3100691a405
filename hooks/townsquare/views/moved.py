"""Old addresses: those that lead to a page, and those whose page was taken away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import escape

from townsquare.community import Community
from townsquare.ledger import Outcome
from townsquare.pages import Page
from townsquare.settings import Settings
from townsquare.wordbook import _


def pages(community: Community, outcome: Outcome, titles: Mapping[str, str]) -> Iterator[Page]:
    """A page for every former address; `titles` are those of the pages that there are."""
    for address, target in sorted(outcome.redirects.items()):
        if not is_file(address):
            yield redirect(community.settings, address, target, titles.get(target))
    for removed in outcome.removed:
        section = _nearest(removed.address, titles)
        yield Page(
            removed.address,
            removed.title or _("This page was removed"),
            "removed.html",
            section=section,
            indexed=False,
        )


def redirect(settings: Settings, address: str, target: str, title: str | None) -> Page:
    """The page at a former address, which leads to the target of this title."""
    data = {"target": target, "target_title": title or settings.site_name}
    to = settings.absolute(target)
    what = _("This page has moved")
    return Page(address, what, "redirect.html", data, canonical=to, indexed=False)


def files(community: Community, outcome: Outcome) -> dict[str, bytes]:
    """What stands at old addresses that name a file, as other generators make them."""
    return {
        address: leading(community.settings.absolute(target))
        for address, target in sorted(outcome.redirects.items())
        if is_file(address)
    }


def is_file(address: str) -> bool:
    """Whether the old address is that of a file, not of a page's folder."""
    return not address.endswith("/")


def leading(target: str) -> bytes:
    """A whole page without the theme, whose links would be relative to a folder."""
    to, title = escape(target), escape(_("This page has moved"))
    return (
        f'<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<title>{title}</title>\n<meta http-equiv="refresh" content="0; url={to}">\n'
        f'<link rel="canonical" href="{to}">\n'
        f'</head>\n<body>\n<p>{title}: <a href="{to}">{to}</a></p>\n</body>\n</html>\n'
    ).encode()


def _nearest(address: str, known: Mapping[str, str]) -> str:
    """The nearest list above the address that there is."""
    above = address.rstrip("/")
    while above:
        above = above.rpartition("/")[0]
        if not above or f"{above}/" in known:
            break
    return f"{above}/" if above else ""
