"""What each page puts into the theme's page: its head, title, contents, article and way to edit."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import escape

from townsquare import links
from townsquare.pages import Page, structured_data
from townsquare.settings import Settings
from townsquare.wordbook import _

if TYPE_CHECKING:
    from townsquare.bodies import Heading


class Slots(NamedTuple):
    """HTML for each place of the theme's page that differs between pages of one folder.

    None holds a line break next to a blank, but for the article: the theme's are taken out.
    """

    head: str
    title: str
    edit: str
    contents: str
    article: str


def slots(page: Page, settings: Settings, article: str) -> Slots:
    """The page's own parts. `edit` is an address and empty where the page has no source."""
    edit = settings.edit_url(page.source) if page.source else None
    title = page.title if page.address else _("Home")
    return Slots(
        head="\n".join(_head(page, settings)),
        title=_attribute(title),
        edit=_attribute(edit or ""),
        contents=contents(page.headings),
        article=article,
    )


def contents(headings: Sequence[Heading]) -> str:
    """The headings as nested lists: each under the nearest one before it of a higher level."""
    html: list[str] = []
    levels: list[int] = []
    for heading in headings:
        while len(levels) > 1 and levels[-1] > heading.level:
            html.append("</li></ul>")
            levels.pop()
        if levels and levels[-1] >= heading.level:
            html.append("</li>")
            levels[-1] = heading.level
        else:
            html.append('<ul class="md-nav__list"' + (">" if levels else _FIRST))
            levels.append(heading.level)
        html.append(
            f'<li class="md-nav__item"><a href="#{_attribute(heading.id)}" class="md-nav__link">'
            f'<span class="md-ellipsis">{_attribute(heading.text)}</span></a>'
        )
    return "".join(html) + "</li></ul>" * len(levels)


_FIRST = ' data-md-component="toc" data-md-scrollfix>'


def _head(page: Page, settings: Settings) -> Iterator[str]:
    yield f"<title>{_attribute(_window_title(page, settings))}</title>"
    described = page.description or settings.site_description or ""
    if described:
        yield _meta("description", described)
    address = settings.absolute(page.address)
    target = _target(page)
    if target is not None:
        yield f'<meta http-equiv="refresh" content="0; url={_attribute(_way(page, target))}">'
    if page.indexed or target is not None:
        canonical = address if target is None else settings.absolute(target)
        yield f'<link rel="canonical" href="{_attribute(canonical)}">'
    else:
        yield _meta("robots", "noindex")
    yield from _card(page, settings, described, address)
    for feed in page.feeds:
        yield (
            f'<link rel="alternate" type="{_attribute(feed.type)}" title="{_attribute(feed.title)}"'
            f' href="{_attribute(_way(page, feed.address))}">'
        )
    if page.structured:
        yield f'<script type="application/ld+json">{structured_data(page)}</script>'


def _card(page: Page, settings: Settings, described: str, address: str) -> Iterator[str]:
    """What other sites show of a link to the page: https://ogp.me/."""
    yield _property("og:title", page.title)
    yield _property("og:type", "website")
    yield _property("og:url", address)
    yield _property("og:site_name", settings.site_name)
    if described:
        yield _property("og:description", described)
    if page.image:
        yield _property("og:image", settings.absolute(page.image))


def _target(page: Page) -> str | None:
    """Where an old address leads."""
    return page.data["target"] if page.template == "redirect.html" else None


def _window_title(page: Page, settings: Settings) -> str:
    return f"{page.title} - {settings.site_name}" if page.address else settings.site_name


def _way(page: Page, address: str) -> str:
    return links.relative(page.address, address)


def _meta(name: str, content: str) -> str:
    return f'<meta name="{name}" content="{_attribute(content)}">'


def _property(name: str, content: str) -> str:
    return f'<meta property="{name}" content="{_attribute(content)}">'


def _attribute(text: str) -> str:
    return str(escape(" ".join(text.split())))
