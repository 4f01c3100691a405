"""What crawlers are told: which pages there are."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import quote
from xml.sax.saxutils import escape

from townsquare.pages import Page
from townsquare.settings import Settings

ADDRESSES = ("sitemap.xml", "robots.txt")


def files(pages: Iterable[Page], settings: Settings) -> dict[str, bytes]:
    """`sitemap.xml` with every page that may be found, by address, and the `robots.txt` naming it.

    https://www.sitemaps.org/protocol.html. No dates: a build's own would change without the page.
    """
    found = sorted(quote(page.address) for page in pages if page.indexed)
    urls = "".join(f"<url><loc>{escape(settings.absolute(each))}</loc></url>\n" for each in found)
    sitemap = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{urls}</urlset>\n'
    )
    robots = f"User-agent: *\nAllow: /\n\nSitemap: {settings.absolute('sitemap.xml')}\n"
    return {"sitemap.xml": sitemap.encode(), "robots.txt": robots.encode()}
