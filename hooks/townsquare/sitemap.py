"""What crawlers are told: which pages there are."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from urllib.parse import quote

from townsquare.settings import Settings

ADDRESSES = ("sitemap.xml", "robots.txt")


def files(
    addresses: Iterable[str], settings: Settings, *, preview: bool = False
) -> dict[str, bytes]:
    """`sitemap.xml` with every page that may be found, by address, and the `robots.txt` naming it.

    https://www.sitemaps.org/protocol.html. No dates: a build's own would change without the page.
    Of a preview nothing may be found (RFC 9309).
    """
    found = sorted(map(quote, addresses))
    absolute = (escape(settings.absolute(each), quote=False) for each in found)
    urls = "".join(f"<url><loc>{each}</loc></url>\n" for each in absolute)
    sitemap = (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n{urls}</urlset>\n'
    )
    if preview:
        return {"sitemap.xml": sitemap.encode(), "robots.txt": b"User-agent: *\nDisallow: /\n"}
    robots = f"User-agent: *\nAllow: /\n\nSitemap: {settings.absolute('sitemap.xml')}\n"
    return {"sitemap.xml": sitemap.encode(), "robots.txt": robots.encode()}
