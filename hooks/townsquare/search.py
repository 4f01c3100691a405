"""The search page and its index, which a browser loads in part and only when somebody searches."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterable
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


def index(pages: Iterable[Page], site: Path) -> int:
    """`site/pagefind/` answers searches over the pages of entries; returns how many there are.

    Lists are left out: what stands in them has a page of its own. Former guidelines are, too. The
    same pages give the same bytes. Raises SetupError where Pagefind is missing or fails.
    """
    with tempfile.TemporaryDirectory(prefix="townsquare-search-") as folder:
        count = _write_articles(pages, site, Path(folder))
        if not count:
            # Pagefind takes a community without a single entry for a mistake.
            return 0
        _run(Path(folder), site / FOLDER)
    for pattern in _INTERFACES:
        for file in (site / FOLDER).glob(pattern):
            file.unlink()
    return count


def _write_articles(pages: Iterable[Page], site: Path, folder: Path) -> int:
    count = 0
    for each in pages:
        if _is_found(each):
            html = (site / each.address / "index.html").read_text(encoding="utf-8")
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
        raise SetupError("Pagefind is not installed; `--no-search` builds without it") from error
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
