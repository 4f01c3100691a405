"""What a host says beside a file: its type, how long it may be kept, and what pages may do.

The one definition: uploads, `_headers` files and the operators' guide are made from it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import PurePosixPath

from townsquare import ledger
from townsquare.output import RECORD, SUMS

UNKNOWN = "application/octet-stream"
"""The type of what no browser shows. With `nosniff` nothing guesses another."""

RSS = ("rss.xml", "podcast.xml")
"""Our feeds in RSS; all others in XML are Atom."""

_FOR_GOOD = "public, max-age=31536000, immutable"
_ASK_EACH_TIME = "public, max-age=0, must-revalidate"
_NEVER_KEEP = "no-cache"
_HASHED = re.compile(r"assets/(?:townsquare|stylesheets|javascripts)/[\w-]+\.[0-9a-f]{8}\.[\w.]+")
_FOR_OTHERS = (".xml", ".ics", ".opml", ".json", ".csv")

_TYPES: Mapping[str, str] = {
    ".atom": "application/atom+xml; charset=utf-8",
    ".avif": "image/avif",
    ".css": "text/css; charset=utf-8",
    ".csv": "text/csv; charset=utf-8",
    ".gif": "image/gif",
    ".html": "text/html; charset=utf-8",
    ".ics": "text/calendar; charset=utf-8",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json; charset=utf-8",
    ".m4a": "audio/mp4",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".ogg": "audio/ogg",
    ".opml": "text/x-opml; charset=utf-8",
    ".opus": "audio/ogg",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".vtt": "text/vtt; charset=utf-8",
    ".webm": "video/webm",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
    ".xml": "application/xml; charset=utf-8",
}

POLICY: Mapping[str, str] = {
    "default-src": "'none'",
    # Pagefind compiles WebAssembly. No page of ours has a script within it.
    "script-src": "'self' 'wasm-unsafe-eval'",
    "style-src": "'self'",
    # Markdown's tables align their columns by `style`.
    "style-src-attr": "'unsafe-inline'",
    # Material's style sheet holds its icons.
    "img-src": "'self' data:",
    # Recordings may stand with another host, which is asked when a reader plays one.
    "media-src": "'self' https:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "worker-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
"""What pages may load and do, by directive. https://www.w3.org/TR/CSP3/"""

SITE_WIDE: Mapping[str, str] = {
    "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in POLICY.items()),
    "X-Content-Type-Options": "nosniff",
    # For browsers that do not know `frame-ancestors`.
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
"""What every answer says, whatever it holds."""


def content_type(path: str) -> str:
    """The media type of a file of the site, with its character set where it is text."""
    name, suffix = PurePosixPath(path).name, PurePosixPath(path).suffix.lower()
    if name == SUMS:
        return _TYPES[".txt"]
    if suffix == ".json" and path == "feed.json":
        return "application/feed+json; charset=utf-8"  # JSON Feed 1.1, "MIME type"
    if suffix == ".xml" and path in RSS:
        return "application/rss+xml; charset=utf-8"
    if suffix == ".xml" and not name.startswith("sitemap"):
        return _TYPES[".atom"]
    return _TYPES.get(suffix, UNKNOWN)


def cache_control(path: str) -> str:
    """How long a file of the site may be kept (RFC 9111 §5.2.2, RFC 8246 for `immutable`).

    What has its content's digest in its name is kept for a year. All else is asked for anew, which
    costs a short answer where nothing has changed.
    """
    if _HASHED.fullmatch(path):
        return _FOR_GOOD
    return _NEVER_KEEP if path in (RECORD, SUMS, ledger.FILE) else _ASK_EACH_TIME


def shared(path: str) -> bool:
    """Whether pages of other sites may read the file: feeds, calendars and data, never pages."""
    return path.endswith(_FOR_OTHERS)


def of(path: str) -> dict[str, str]:
    """All headers that go with one file, but for those that go with all."""
    own = {"Content-Type": content_type(path), "Cache-Control": cache_control(path)}
    return own | ({"Access-Control-Allow-Origin": "*"} if shared(path) else {})
