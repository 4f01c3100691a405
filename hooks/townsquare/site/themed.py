"""Our pages as MkDocs' pages: the theme sees their titles and places, not their articles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from markupsafe import escape
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Section
from mkdocs.structure.pages import Page as MkDocsPage
from mkdocs.structure.toc import AnchorLink, TableOfContents

from townsquare.pages import Page
from townsquare.settings import Settings
from townsquare.wordbook import _

if TYPE_CHECKING:
    from townsquare.bodies import Heading

# The article's place in the theme's page. No title or description can hold it: they are escaped.
ARTICLE = "<!-- townsquare: the article -->"


class ThemedPage(MkDocsPage):
    """One of our pages as the theme sees it. Its article takes the place of ARTICLE afterwards."""

    def __init__(self, entry: Page, settings: Settings, config: MkDocsConfig) -> None:
        file = File.generated(
            config, entry.address + "index.md", content="", inclusion=InclusionLevel.NOT_IN_NAV
        )
        super().__init__(escape(entry.title if entry.address else _("Home")), file, config)
        self.entry = entry
        self.canonical_url = settings.absolute(entry.address)
        self.edit_url = settings.edit_url(entry.source) if entry.source else None
        self.contents = contents(entry.headings)
        # The theme reads one thing off this: where its skip link leads.
        self.toc = TableOfContents([AnchorLink("", "__content", 1)])

    def read_source(self, config: MkDocsConfig) -> None:  # noqa: ARG002
        """Nothing is read: the article is made elsewhere."""
        self.markdown = ""
        self.meta = {"hide": self._hidden()}

    def render(self, config: MkDocsConfig, files: Files) -> None:  # noqa: ARG002
        """The content is the article's place."""
        self.content = ARTICLE

    def validate_anchor_links(self, *, files: Files, log_level: int) -> None:
        """Anchors are checked with all other links, not here."""

    @property
    def is_index(self) -> bool:
        """Whether the page stands for its folder: the first of its section."""
        return isinstance(self.parent, Section) and self.parent.children[0] is self

    @property
    def is_homepage(self) -> bool:
        """Whether this is the front page."""
        return not self.entry.address

    def _hidden(self) -> list[str]:
        """The sidebars that would stand empty."""
        hidden = [] if isinstance(self.parent, Section) else ["navigation"]
        return hidden if self.contents else [*hidden, "toc"]


def contents(headings: Sequence[Heading]) -> list[AnchorLink]:
    """The headings as a tree: each under the nearest one before it of a higher level."""
    top: list[AnchorLink] = []
    open_: list[AnchorLink] = []
    for heading in headings:
        link = AnchorLink(escape(heading.text), heading.id, heading.level)
        while open_ and open_[-1].level >= link.level:
            open_.pop()
        (open_[-1].children if open_ else top).append(link)
        open_.append(link)
    return top
