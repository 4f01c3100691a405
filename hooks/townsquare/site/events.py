"""MkDocs' events: our pages take the place of its own, and leave the theme mended."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.structure.files import File, Files

from townsquare import search, sitemap
from townsquare.pages import Page as Entry
from townsquare.pages import structured_data
from townsquare.site import assets, configuration, mending
from townsquare.site.navigation import navigation
from townsquare.site.surroundings import Surroundings
from townsquare.site.themed import ARTICLE, ThemedPage

if TYPE_CHECKING:
    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page

# The configuration is the only thing that MkDocs makes anew for each build.
KEY = "townsquare: this build"

# Material's own search and its translations, and maps to sources that are not published.
UNUSED = ("assets/javascripts/lunr/", "assets/javascripts/workers/")


BUNDLE = re.compile(r"assets/javascripts/bundle\.\w+\.min\.js")


def hand_over(config: MkDocsConfig, surroundings: Surroundings) -> None:
    """The build of this configuration uses these pages, whoever starts it."""
    config.extra[KEY] = surroundings
    if not any(getattr(plugin, "on_files", None) is on_files for plugin in config.plugins.values()):
        import sys

        config.plugins["townsquare"] = sys.modules[__name__]  # type: ignore[assignment]


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """The plan is made, unless `build()` brought one, and the theme is set up for it."""
    configuration.refuse_others(config, on_files)
    if KEY not in config.extra:
        config.extra[KEY] = _planned(Path(config.config_file_path).parent)
    configuration.settle(config, _ours(config).settings)
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Only the theme's files, those that mkdocs.yml names, and what the plan holds."""
    ours = _ours(config)
    pages = (*ours.plan.pages, search.page())
    made = [ThemedPage(page, ours.settings, config).file for page in pages]
    for path, content in _files(ours, pages).items():
        made.append(File.generated(config, path, content=content))
    for path, source in ours.plan.assets.items():
        made.append(File.generated(config, path, abs_src_path=str(source)))
    kept = [file for file in files if _kept(file, config)]
    for file in kept:
        if BUNDLE.fullmatch(file.src_uri):
            file.content_string = mending.mended_script(file.content_string)
    return Files(kept + made)


def on_nav(nav: Navigation, config: MkDocsConfig, files: Files) -> Navigation:  # noqa: ARG001
    """The navigation over our pages."""
    return navigation(_themed(files))


def on_env(env: Environment, config: MkDocsConfig, files: Files) -> Environment:
    """Our templates escape by default; the theme's own do not know how to."""
    own = frozenset(
        p.relative_to(configuration.THEME).as_posix() for p in configuration.THEME.rglob("*.html")
    )
    env.autoescape = lambda name: name in own
    env.globals["assets"] = assets.addresses()
    env.globals["structured_data"] = structured_data
    env.globals["site"] = _ours(config).settings
    env.globals["standing"] = [page for page in _themed(files) if _stands_alone(page.entry)]
    return env


def on_page_context(
    context: Any,
    page: Page,
    config: MkDocsConfig,  # noqa: ARG001
    nav: Navigation,  # noqa: ARG001
) -> Any:
    """The templates know our page as `entry`."""
    if isinstance(page, ThemedPage):
        context["entry"] = page.entry
    return context


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """The theme's page with its faults mended and the article in its place."""
    if not isinstance(page, ThemedPage):
        return output
    return render_page(page, output, _ours(config))


def on_post_template(output: str, template_name: str, config: MkDocsConfig) -> str:  # noqa: ARG001
    """The page for addresses that are not there, mended like any other."""
    return mending.mended(output)


def render_page(page: ThemedPage, output: str, ours: Surroundings) -> str:
    """What the theme rendered for this page, mended, around its article."""
    before, place, after = mending.mended(output).partition(ARTICLE)
    if not place:
        raise RuntimeError(f"the theme left no place for the article of {page.url}")
    return "".join((before, ours.render(page.entry), after))


def _ours(config: MkDocsConfig) -> Surroundings:
    return config.extra[KEY]


def _stands_alone(page: Entry) -> bool:
    """Whether the footer names it: about, imprint, privacy."""
    return page.in_nav and page.address.count("/") == 1 and page.source.count("/") == 1


def _files(ours: Surroundings, pages: tuple[Entry, ...]) -> dict[str, bytes]:
    return {**assets.files(), **sitemap.files(pages, ours.settings), **ours.plan.files}


def _themed(files: Files) -> list[ThemedPage]:
    return [file.page for file in files.documentation_pages() if isinstance(file.page, ThemedPage)]


def _kept(file: File, config: MkDocsConfig) -> bool:
    if file.src_dir != config.docs_dir:
        return not file.src_uri.startswith(UNUSED) and not file.src_uri.endswith(".map")
    theme = config.theme
    named = {*map(str, config.extra_css), *map(str, config.extra_javascript)}
    return file.src_uri in named | {theme.get("logo"), theme.get("favicon")}


def _planned(root: Path) -> Surroundings:
    raise NotImplementedError(root)
