"""The theme without MkDocs' loop over pages: it renders one page for each shell, and no more."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from mkdocs.commands.build import get_context
from mkdocs.structure.files import Files, get_files

from townsquare import shells
from townsquare.pages import Page
from townsquare.shells import Key, Shell
from townsquare.site import events
from townsquare.site.navigation import adopt, navigation
from townsquare.site.themed import ThemedPage
from townsquare.slots import Slots, slots

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

NOT_FOUND = "404.html"


class Theme:
    """MkDocs' environment for one build, its navigation, and the shells learned so far."""

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
        self._shells: dict[Key, Shell] = {}
        self._settled = self._with_own_shell()

    def files(self) -> Iterator[tuple[str, bytes]]:
        """The theme's own files, mended, and the page for addresses that are not there."""
        for file in self._kept:
            yield file.dest_uri, file.content_bytes
        yield NOT_FOUND, self._not_found().encode()

    def page(self, page: Page, article: str) -> bytes:
        """The page around its article, as the theme would render it."""
        parts = slots(page, self._ours.settings, article)
        key = shells.key(page, self._settled, parts)
        if key not in self._shells:
            self._shells[key] = self._learned(page, parts)
        return self._shells[key].filled(parts).encode()

    def _learned(self, page: Page, parts: Slots) -> Shell:
        """The theme's page around tokens, where this page has parts at all."""
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

    def _with_own_shell(self) -> frozenset[str]:
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
