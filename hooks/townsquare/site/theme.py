"""The theme without MkDocs' loop over pages: it renders one page for each shell, and no more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mkdocs.commands.build import get_context
from mkdocs.structure.files import Files, get_files

from townsquare import shells
from townsquare.pages import Page
from townsquare.shells import Shell
from townsquare.site import events
from townsquare.site.configuration import plugins
from townsquare.site.navigation import adopt, navigation
from townsquare.site.themed import ThemedPage
from townsquare.slots import Slots, slots

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

NOT_FOUND = "404.html"


class Theme:
    """MkDocs' environment for one build, and its navigation: the teacher of shells."""

    def __init__(self, config: MkDocsConfig) -> None:
        self.config = config.plugins.on_config(config)
        config.plugins.on_pre_build(config=config)
        self._ours = events.given(config)
        env = config.theme.get_env()
        files = get_files(config)
        files.add_files_from_theme(env, config)
        self._kept = events.kept(files, config)
        self._env = config.plugins.on_env(env, config=config, files=Files(self._kept))
        self._inside = {
            page.address: self._themed(page) for page in self._ours.plan.pages if page.in_nav
        }
        self._nav = navigation(self._inside.values())

    def files(self) -> Iterator[tuple[str, bytes]]:
        """The theme's own files, mended, and the page for addresses that are not there."""
        for file in self._kept:
            if file.src_dir != self.config.docs_dir:
                yield file.dest_uri, file.content_bytes
        yield NOT_FOUND, self._not_found().encode()

    def named(self) -> dict[str, str]:
        """The files of content/ that mkdocs.yml names: where each stands on the site and here."""
        ours = (f for f in self._kept if f.src_dir == self.config.docs_dir)
        return {file.dest_uri: file.src_uri for file in ours}

    @property
    def is_ours(self) -> bool:
        """Whether nothing but our own code and settings decides what the theme makes."""
        others = [p for p in plugins(self.config).values() if p is not events]
        hooks = [p for p in others if getattr(p, "on_files", None) is not events.on_files]
        return not hooks and not self.config.theme.custom_dir

    def shell(self, page: Page) -> Shell:
        """The theme's page around tokens, where this page has parts at all."""
        parts = slots(page, self._ours.settings, " ")
        tokens = Slots(*(t if p else "" for t, p in zip(shells.TOKENS, parts, strict=True)))
        themed = self._inside.get(page.address) or self._themed(page)
        before = themed.slots
        themed.put(tokens)
        adopt([themed], self._inside)
        html = self._rendered(themed)
        themed.put(before)
        return shells.learned(html)

    def _rendered(self, page: ThemedPage) -> str:
        page.read_source(self.config)
        page.active = True
        context = get_context(self._nav, [], self.config, page)
        html = self._env.get_template("main.html").render(context)
        page.active = False
        return self.config.plugins.on_post_page(html, page=page, config=self.config)

    def _not_found(self) -> str:
        # A missing address can have any depth: its links begin at the host's root.
        base = urlsplit(self._ours.settings.site_url).path
        context = get_context(self._nav, [], self.config, base_url=base)
        html = self._env.get_template(NOT_FOUND).render(context)
        return self.config.plugins.on_post_template(
            html, template_name=NOT_FOUND, config=self.config
        )

    def settled(self) -> frozenset[str]:
        """The addresses of pages that have a shell of their own."""
        if self.config.theme.custom_dir:
            # A community's own templates may print anything of a page: each is rendered.
            return frozenset(page.address for page in self._ours.plan.pages)
        front = Page("", "", "")
        html = self._rendered(self._themed(front))
        return shells.linked(html) | frozenset(
            above for address in self._inside for above in _above(address)
        )

    def _themed(self, page: Page) -> ThemedPage:
        return ThemedPage(page, slots(page, self._ours.settings, " "), self.config)


def _above(address: str) -> Iterator[str]:
    names = address.split("/")[:-1]
    return ("".join(f"{name}/" for name in names[:end]) for end in range(len(names) + 1))
