"""Our pages as MkDocs' pages: the theme sees their places, not their articles."""

from __future__ import annotations

from markupsafe import Markup
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files, InclusionLevel
from mkdocs.structure.nav import Section
from mkdocs.structure.pages import Page as MkDocsPage
from mkdocs.structure.toc import AnchorLink, TableOfContents

from townsquare.pages import Page
from townsquare.slots import Slots


class ThemedPage(MkDocsPage):
    """One of our pages as the theme sees it, with its slots as HTML."""

    def __init__(self, entry: Page, slots: Slots, config: MkDocsConfig) -> None:
        file = File.generated(
            config, entry.address + "index.md", content="", inclusion=InclusionLevel.NOT_IN_NAV
        )
        super().__init__(Markup(slots.title), file, config)  # noqa: S704 (escaped already)
        self.entry = entry
        self.heads_section = False
        # The theme reads one thing off this: where its skip link leads.
        self.toc = TableOfContents([AnchorLink("", "__content", 1)])
        self.put(slots)

    def put(self, slots: Slots) -> None:
        """The page has these parts from now on."""
        self.slots = slots
        # MkDocs takes what is set; its own property, which cannot be set to what is declared,
        # looks for a title in the Markdown.
        self.title = Markup(slots.title)  # type: ignore[assignment]  # noqa: S704 — slots hold what is escaped
        self.head = Markup(slots.head)  # noqa: S704 — slots hold what is escaped
        self.contents = Markup(slots.contents)  # noqa: S704 — slots hold what is escaped
        self.edit_url = Markup(slots.edit) if slots.edit else None  # noqa: S704 — slots hold what is escaped
        self.content = slots.article

    def read_source(self, config: MkDocsConfig) -> None:  # noqa: ARG002 — as MkDocs calls it
        """Nothing is read: the article is made elsewhere."""
        self.markdown = ""
        self.meta = {"hide": self._empty_sidebars()}

    def render(self, config: MkDocsConfig, files: Files) -> None:
        """Nothing is converted."""

    def validate_anchor_links(self, *, files: Files, log_level: int) -> None:
        """Anchors are checked with all other links, not here."""

    @property
    def is_index(self) -> bool:
        """Whether the page stands for its section in the navigation."""
        return self.heads_section

    @property
    def is_homepage(self) -> bool:
        """Whether this is the front page."""
        return not self.entry.address

    def _empty_sidebars(self) -> list[str]:
        hidden = [] if isinstance(self.parent, Section) else ["navigation"]
        return hidden if self.contents else [*hidden, "toc"]
