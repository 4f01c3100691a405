"""What readers' programs are told beside each file: its type, how long it holds, what it may do.

One definition for storage, for hosts that read `_headers`, and for whoever sets up a web server.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import splitext

from townsquare import ledger
from townsquare.output import RECORD, SUMS

YEAR = 365 * 24 * 60 * 60
FIXED = f"public, max-age={YEAR}, immutable"
FRESH = "public, max-age=300, must-revalidate"
ALWAYS_ASKED = "no-cache"
_TEXT = "; charset=utf-8"
# https://www.iana.org/assignments/media-types/; text types name their encoding.
TYPES = {
    ".html": f"text/html{_TEXT}",
    ".css": f"text/css{_TEXT}",
    ".js": f"text/javascript{_TEXT}",
    ".json": f"application/json{_TEXT}",
    ".ics": f"text/calendar{_TEXT}",
    ".xml": f"application/xml{_TEXT}",
    ".opml": f"text/x-opml{_TEXT}",
    ".csv": f"text/csv{_TEXT}",
    ".txt": f"text/plain{_TEXT}",
    ".vtt": f"text/vtt{_TEXT}",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".gif": "image/gif",
    ".webp": "image/webp",
    ".avif": "image/avif",
    ".ico": "image/vnd.microsoft.icon",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
    ".wasm": "application/wasm",
    ".pdf": "application/pdf",
    ".mp3": "audio/mpeg",
    ".m4a": "audio/mp4",
    ".ogg": "audio/ogg",
    ".opus": "audio/ogg",
    ".mp4": "video/mp4",
    ".webm": "video/webm",
}
_RSS = ("rss.xml", "podcast.xml")
_ATOM = re.compile(r"atom\.xml|feeds/.+\.xml")
_HASHED = re.compile(r"assets/(?:[^/]+/)*[^/]+\.[0-9a-f]{8}\.[^/]+|pagefind/.*_[0-9a-f]{6,}\.[^/]+")
POLICY = {
    # Pages hold no script and no style but the alignment of cells; search runs WebAssembly.
    "default-src": "'self'",
    "script-src": "'self' 'wasm-unsafe-eval'",
    "style-src": "'self' 'unsafe-inline'",
    "img-src": "'self' data:",
    "media-src": "'self' https:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}
"""https://www.w3.org/TR/CSP3/"""
SECURITY = {
    "Content-Security-Policy": "; ".join(f"{name} {value}" for name, value in POLICY.items()),
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "X-Content-Type-Options": "nosniff",
}
FOR_EVERYBODY = ("/api/*", "/schemas/*", "/feeds/*", "/calendars/*", "/events.ics")
"""What pages of other sites may read, as feed readers and calendars on the web do."""


def content_type(path: str) -> str:
    """The media type of the file at this path from the site's root."""
    if path in _RSS:
        return f"application/rss+xml{_TEXT}"
    if _ATOM.fullmatch(path):
        return f"application/atom+xml{_TEXT}"
    if path == "feed.json":
        return f"application/feed+json{_TEXT}"
    return TYPES.get(splitext(path)[1].lower(), "application/octet-stream")


def cache_control(path: str) -> str:
    """How long a copy of the file may be used without asking, RFC 9111 §5.2.

    What has a digest in its name never changes; what publishing asks for is always asked.
    """
    if path in (RECORD, SUMS, ledger.FILE):
        return ALWAYS_ASKED
    return FIXED if _HASHED.fullmatch(path) else FRESH


def rules(paths: list[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """Headers by pattern of paths, as `_headers` files of hosts have them: later ones add."""
    yield "/*", SECURITY
    for pattern in FOR_EVERYBODY:
        yield pattern, {"Access-Control-Allow-Origin": "*"}
    for folder in sorted({path.rpartition("/")[0] for path in paths if _HASHED.fullmatch(path)}):
        yield f"/{folder}/*", {"Cache-Control": FIXED}
    # What a host guesses otherwise, or not at all.
    for path in sorted({*_RSS, "atom.xml", "feed.json", RECORD, ledger.FILE} & {*paths}):
        yield f"/{path}", {"Content-Type": content_type(path), "Cache-Control": cache_control(path)}
    yield "/feeds/*.xml", {"Content-Type": content_type("feeds/x.xml")}
    yield "/*.ics", {"Content-Type": TYPES[".ics"]}
