"""The search page and its index, which a browser loads in part and only when somebody searches."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable, Iterable, Iterator
from html import escape
from pathlib import Path

from townsquare.pages import Page
from townsquare.problems import SetupError
from townsquare.wordbook import _

ADDRESS = "search/"
FOLDER = "pagefind"

# Around every article: the theme's element (see site/mending.py) and its end.
_BEGIN = 'id="__content">'
_END = "</article>\n</div>\n"

# What repeats on many pages and would make every one of them a result.
_REPEATED = (
    *(".ts-tags", ".ts-pager", ".ts-report", ".ts-actions", ".ts-facts dt"),
    *(".headerlink", ".md-content__button", "nav", "form"),
)

# Pagefind's own interfaces, which the site's page takes the place of.
_INTERFACES = ("pagefind-*ui.*", "pagefind-highlight.js")


def page() -> Page:
    """The page on which readers search."""
    return Page(ADDRESS, _("Search"), "search.html", indexed=False)


def index(pages: Iterable[Page], read: Callable[[str], bytes]) -> Iterator[tuple[str, bytes]]:
    """The files that answer searches over the pages of entries; `read` gives a page's file.

    Lists are left out: what stands in them has a page of its own. Former guidelines are, too. The
    same pages give the same bytes. Raises SetupError where Pagefind is missing or fails.
    """
    with tempfile.TemporaryDirectory(prefix="townsquare-search-") as name:
        articles, bundle = Path(name, "articles"), Path(name, "bundle")
        # Pagefind takes a community without a single entry for a mistake.
        if _write_articles(pages, read, articles):
            _run(articles, bundle)
            yield from _bundled(bundle)


def _bundled(bundle: Path) -> Iterator[tuple[str, bytes]]:
    unused = {file for pattern in _INTERFACES for file in bundle.glob(pattern)}
    for file in sorted(bundle.rglob("*")):
        if file.is_file() and file not in unused:
            yield f"{FOLDER}/{file.relative_to(bundle).as_posix()}", file.read_bytes()


def _write_articles(pages: Iterable[Page], read: Callable[[str], bytes], folder: Path) -> int:
    count = 0
    for each in filter(_is_found, pages):
        html = read(f"{each.address}index.html").decode()
        file = folder / each.address / "index.html"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(_article(each, html), encoding="utf-8")
        count += 1
    return count


def _is_found(page: Page) -> bool:
    # A guideline's former text would stand beside the one that holds, under the same title.
    return bool(page.source) and page.indexed and page.template != "former.html"


def _article(page: Page, html: str) -> str:
    article = html.partition(_BEGIN)[2].partition(_END)[0]
    language = _language(html)
    return (
        f'<!doctype html><html lang="{language}"><head><title>{escape(page.title)}</title></head>'
        f"<body>{article}</body></html>"
    )


def _language(html: str) -> str:
    return html.partition('<html lang="')[2].partition('"')[0]


def _run(articles: Path, bundle: Path) -> None:
    try:
        from pagefind_bin import get_executable  # pyright: ignore[reportMissingTypeStubs]

        program = get_executable()
    except (ImportError, FileNotFoundError) as error:
        raise SetupError(
            "Pagefind is not installed; without `--search` the site is built all the same"
        ) from error
    done = subprocess.run(  # noqa: S603 (our own lock's program, no shell)
        [
            *(program, "--silent", "--site", articles, "--output-path", bundle),
            *("--exclude-selectors", ", ".join(_REPEATED)),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SetupError(f"Pagefind could not index the site: {done.stderr or done.stdout}")
