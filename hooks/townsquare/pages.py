"""A page as the theme needs it, and its article, rendered from our own templates."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import field
from pathlib import Path
from typing import Any, NamedTuple

from townsquare import bodies, links
from townsquare.settings import Settings
from townsquare.values import value

FOLDERS = (Path(__file__).with_name("templates"),)


class Footer(NamedTuple):
    """What the community itself says below every page: ways to report, as (name, contact).

    `pages` are what to read about reports, as (title, address).
    """

    channels: tuple[tuple[str, str], ...] = ()
    pages: tuple[tuple[str, str], ...] = ()


class FeedLink(NamedTuple):
    """A feed that the page announces in its head. `type` is the feed's media type."""

    title: str
    address: str
    type: str = "application/atom+xml"


@value
class Page:
    """What the theme needs to know of a page. Addresses are paths from the site's root.

    `address` ends with a slash (`blog/x/`; the front page is empty). `data` is what the template
    gets beside `page`, `site` and the link functions; `headings` make the table of contents.
    `section` is the address of the tab under which the page stands (`blog/`). `source` is the
    file to edit. `in_nav` pages stand in the navigation, sorted by `order`, then title.
    `canonical` is the full address of what was published first elsewhere, or moved.
    """

    address: str
    title: str
    template: str
    data: Mapping[str, Any] = field(default_factory=dict[str, Any])
    description: str = ""
    section: str = ""
    source: str = ""
    headings: tuple[bodies.Heading, ...] = ()
    feeds: tuple[FeedLink, ...] = ()
    structured: Mapping[str, Any] | None = None
    image: str = ""
    canonical: str = ""
    language: str = ""
    indexed: bool = True
    in_nav: bool = False
    order: int = 1000


class Article:
    """Renders pages' articles; what all of them share is bound once."""

    def __init__(self, settings: Settings, addresses: links.Addresses) -> None:
        self._settings = settings
        self._addresses = addresses

    def render(self, page: Page) -> str:
        """The page's article as HTML: what stands between the theme's header and footer."""

        def link(address: str) -> str:
            return links.relative(page.address, address)

        def body(converted: bodies.Body) -> Any:
            return _markup(self._addresses.in_page(converted.html, page.address))

        def excerpt(converted: bodies.Body) -> Any:
            return _markup(self._addresses.in_page(converted.summary, page.address))

        from townsquare.templating import environment

        template = environment(FOLDERS).get_template(page.template)
        return template.render(
            page=page, site=self._settings, link=link, body=body, excerpt=excerpt, **page.data
        )


def structured_data(page: Page) -> str:
    """The page's JSON-LD, safe inside a `<script>`: `<`, `>` and `&` are escaped."""
    text = json.dumps(page.structured, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _markup(html: str) -> Any:
    from markupsafe import Markup

    return Markup(html)  # noqa: S704 (bodies are sanitised where they are converted)
