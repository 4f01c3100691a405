"""Faults of links and images, at the characters that an author typed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from townsquare.bodies import Body, Link
from townsquare.checks.context import Context
from townsquare.library import Library
from townsquare.links import Addresses
from townsquare.model import Entry
from townsquare.problems import Place, Problem, did_you_mean, problem
from townsquare.spots import Spot

_KILOBYTE = 1000


def link_broken(context: Context, entry: Entry[Any], body: Body) -> Iterator[Problem]:
    """A link to a file or page that is not there."""
    for link in body.links:
        if link.is_image or not link.path:
            continue
        if link.raw and _leads_somewhere(link, context.addresses):
            continue
        if link.path in context.library.faulty:
            # It is there, and has faults of its own that are reported.
            continue
        if not _is_hidden(link, context.library):
            message = f"`{link.raw}` leads nowhere" if link.raw else "the link is empty"
            hint = context.known_files().hint(entry.path, link.path if link.raw else "")
            yield problem("link_broken", _place(entry, link.spot), message, hint)


def links_to_hidden(context: Context, entry: Entry[Any], body: Body) -> Iterator[Problem]:
    """A link to an entry that is a draft, not yet published, expired or not listed."""
    for link in body.links:
        if not link.path or _leads_somewhere(link, context.addresses):
            continue
        if _is_hidden(link, context.library):
            message = f"`{link.raw}` is hidden, so readers will see the text without the link"
            hint = "link to it once it is published"
            yield problem("links_to_hidden", _place(entry, link.spot), message, hint)


def anchor_broken(context: Context, entry: Entry[Any], body: Body) -> Iterator[Problem]:
    """A link to a heading that the page does not have. Pages without a file are not looked into."""
    for link in body.links:
        target = _page_of(link, context)
        if target is None or link.fragment in context.ids(target):
            continue
        if context.bodies[target].refusals:
            continue
        where = "this page" if target == entry.path else target
        message = f"{where} has no heading `#{link.fragment}`"
        hint = (
            did_you_mean(link.fragment, context.ids(target)).strip()
            or "copy the address from the heading's `¶`"
        )
        yield problem("anchor_broken", _place(entry, link.spot), message, hint)


def image_missing(context: Context, entry: Entry[Any], body: Body) -> Iterator[Problem]:
    """An image whose file is not there."""
    for link in body.links:
        if link.is_image and link.path and link.path not in context.library.assets:
            message = f"there is no image `{link.raw}`"
            hint = context.known_images().hint(entry.path, link.path)
            yield problem("image_missing", _place(entry, link.spot), message, hint)


def image_elsewhere(_context: Context, entry: Entry[Any], body: Body) -> Iterator[Problem]:
    """An image on another host, which would learn of every reader."""
    for link in body.links:
        if link.is_image and not link.path:
            message = "the image is on another host, so the page links to it and does not show it"
            hint = "save it beside this file, if its licence allows"
            yield problem("image_elsewhere", _place(entry, link.spot), message, hint)


def alt_text_missing(_context: Context, entry: Entry[Any], body: Body) -> Iterator[Problem]:
    """An image without a description."""
    for link in body.links:
        if link.is_image and link.alt is None:
            hint = (
                'say what it shows: `![a full room](…)`; mere decoration is `<img alt="" src="…">`'
            )
            message = f"`{link.raw}` has no description"
            yield problem("alt_text_missing", _place(entry, link.spot), message, hint)


def image_too_heavy(context: Context, entry: Entry[Any], body: Body) -> Iterator[Problem]:
    """An image that weighs more than the site's budget for one."""
    budget = context.settings.image_budget
    for link in body.links:
        asset = context.library.assets.get(link.path) if link.is_image else None
        if asset and asset.size > budget * _KILOBYTE:
            message = (
                f"the image weighs {asset.size // _KILOBYTE} KB, at most {budget} KB load well"
            )
            hint = "make it smaller, or save it as WebP"
            yield problem("image_too_heavy", _place(entry, link.spot), message, hint)


def html_removed(_context: Context, entry: Entry[Any], body: Body) -> Iterator[Problem]:
    """An element, attribute or scheme that is not published, at the first of its places."""
    spots: dict[str, list[Spot]] = {}
    for removal in body.removed:
        spots.setdefault(removal.what, []).append(removal.spot)
    for what, places in spots.items():
        more = f" ({len(places)} times in this file)" if len(places) > 1 else ""
        message = f"`{what}` is not published and was taken out{more}"
        yield problem("html_removed", _place(entry, places[0]), message, _instead(what))


def body_refused(_context: Context, entry: Entry[Any], body: Body) -> Iterator[Problem]:
    """A body that could not be converted, with the code that says why."""
    for refusal in body.refusals:
        place = _place(entry, refusal.spot)
        yield problem(refusal.code, place, refusal.message, refusal.hint)


def _place(entry: Entry[Any], spot: Spot) -> Place:
    return Place(entry.path, spot.line, spot.column, spot.width)


def _target(link: Link, addresses: Addresses) -> str | None:
    """The address that the link leads to, by the first reading that leads anywhere."""
    found = addresses.find(link.path)
    return addresses.find(link.or_path) if found is None and link.or_path else found


def _leads_somewhere(link: Link, addresses: Addresses) -> bool:
    return _target(link, addresses) is not None


def _page_of(link: Link, context: Context) -> str | None:
    """The file of the page of which the link names a heading, if it does.

    `#top` is every page's beginning (HTML, “select the indicated part”).
    """
    if link.is_image or not link.path or link.fragment.lower() in ("", "top"):
        return None
    target = _target(link, context.addresses)
    return None if target is None else context.page_at(target)


def _is_hidden(link: Link, library: Library) -> bool:
    """Whether the link leads to an entry that readers do not see, by its file or its address."""
    readings = (each.rstrip("/") for each in (link.path, link.or_path) if each)
    files = (file for each in readings for file in (each, f"{each}.md", f"{each}/index.md"))
    return any(library.hidden(file) or library.hidden(f"content/{file}") for file in files)


def _instead(what: str) -> str:
    if what.startswith("<"):
        return "delete it, or write it between backticks if readers should see it"
    if what.endswith(":"):
        return "link to an https, http, mailto or tel address, or to a file by its path"
    return "delete it"
