"""What search engines read of a page: schema.org as JSON-LD. Addresses are absolute.

https://schema.org/BlogPosting, /Person, /Organization; events are in `structured_events`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from townsquare.community import Community, Named
from townsquare.model import Entry
from townsquare.views.lists import picture
from townsquare.wordbook import iso

CONTEXT = "https://schema.org"


def posting(
    community: Community, entry: Entry[Any], authors: Iterable[Named], sponsors: Iterable[str]
) -> dict[str, Any]:
    """The post, its dates, who wrote it, and the names of those who paid for it."""
    fields = entry.fields
    site = community.settings
    image = _image(community, entry)
    found = {
        "@context": CONTEXT,
        "@type": "BlogPosting",
        "headline": entry.title,
        "description": fields.summary(),
        "url": site.absolute(entry.address),
        "datePublished": _date(community, fields.date),
        "dateModified": _date(community, fields.updated or fields.date),
        "inLanguage": fields.language or site.language,
        "author": [named(community, who) for who in authors],
        "publisher": publisher(community),
        "sponsor": [{"@type": "Organization", "name": name} for name in sponsors],
        "image": image,
    }
    return present(found)


def person(community: Community, entry: Entry[Any], avatar: str) -> dict[str, Any]:
    """A profile page's person."""
    site = community.settings
    about = {
        "@type": "Person",
        "name": entry.title,
        "description": entry.fields.summary(),
        "url": site.absolute(entry.address),
        "image": site.absolute(avatar) if avatar else "",
        "sameAs": [link.url for link in entry.fields.links],
    }
    return {"@context": CONTEXT, "@type": "ProfilePage", "mainEntity": present(about)}


def organisation(community: Community, entry: Entry[Any], logo: str) -> dict[str, Any]:
    """A partner."""
    found = {
        "@context": CONTEXT,
        "@type": "Organization",
        "name": entry.title,
        "description": entry.fields.summary(),
        "url": entry.fields.url,
        "logo": community.settings.absolute(logo) if logo else "",
    }
    return present(found)


def website(community: Community) -> dict[str, Any]:
    """The site as a whole."""
    site = community.settings
    found = {
        "@context": CONTEXT,
        "@type": "WebSite",
        "name": site.site_name,
        "description": site.site_description or "",
        "url": site.site_url,
        "inLanguage": site.language,
        "publisher": publisher(community),
    }
    return present(found)


def publisher(community: Community) -> dict[str, Any]:
    """Who runs the site."""
    site = community.settings
    name = site.site_author or site.site_name
    return {"@type": "Organization", "name": name, "url": site.site_url}


def named(community: Community, who: Named) -> dict[str, Any]:
    """A credited person; a guest's affiliation goes with the name."""
    address = community.settings.absolute(who.address) if who.address else who.url
    works = {"@type": "Organization", "name": who.affiliation} if who.affiliation else None
    return present({"@type": "Person", "name": who.name, "url": address, "affiliation": works})


def present(found: dict[str, Any]) -> dict[str, Any]:
    """The properties that have a value."""
    return {name: value for name, value in found.items() if value not in (None, "", [], ())}


def _image(community: Community, entry: Entry[Any]) -> str:
    shown = picture(community, entry, entry.fields.image)
    return community.settings.absolute(shown.address) if shown else ""


def _date(community: Community, stated: Any) -> str:
    """ISO 8601; a time carries the offset of the site's zone."""
    if isinstance(stated, datetime):
        stated = stated.replace(tzinfo=ZoneInfo(community.settings.timezone))
    return iso(stated)
