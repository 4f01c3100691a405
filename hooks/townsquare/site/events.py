"""MkDocs' events: our pages take the place of its own, and leave the theme mended.

This is the whole of a plain `mkdocs build`, which renders every page through the theme.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files

from townsquare import attachments, static_files
from townsquare.pages import Page as Entry
from townsquare.problems import SetupError
from townsquare.site import configuration, mending
from townsquare.site.navigation import navigation
from townsquare.site.surroundings import Surroundings, of_plan
from townsquare.site.themed import ThemedPage
from townsquare.slots import slots
from townsquare.wordbook import _

if TYPE_CHECKING:
    from jinja2 import Environment
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.nav import Navigation
    from mkdocs.structure.pages import Page

# The configuration is the only thing that MkDocs makes anew for each build.
KEY = "townsquare: this build"

# The article's place in the theme's page. No title or description can hold it: they are escaped.
ARTICLE = "<!-- townsquare: the article -->"

# Material's own search and its translations, which are not used.
UNUSED = ("assets/javascripts/lunr/", "assets/javascripts/workers/")
BUNDLE = re.compile(r"assets/javascripts/bundle\.\w+\.min\.js")


def hand_over(config: MkDocsConfig, surroundings: Surroundings) -> None:
    """The build of this configuration uses these pages, whoever starts it."""
    config.extra[KEY] = surroundings
    plugins = configuration.plugins(config)
    if not any(getattr(plugin, "on_files", None) is on_files for plugin in plugins.values()):
        # A module with the events' functions does what MkDocs asks of a plugin.
        config.plugins["townsquare"] = sys.modules[__name__]  # type: ignore[assignment]


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """The plan is made, unless `build()` brought one, and the theme is set up for it."""
    if KEY in config.extra:
        return _settled(config)
    try:
        hand_over(config, _planned(Path(config.config_file_path).parent))
        return _settled(config)
    except SetupError as error:
        raise PluginError(str(error)) from error


def _settled(config: MkDocsConfig) -> MkDocsConfig:
    configuration.refuse_others(config, on_files)
    configuration.settle(config, given(config).settings)
    return config


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Only the theme's files, those that mkdocs.yml names, and what the plan holds."""
    ours = given(config)
    made = [
        ThemedPage(page, slots(page, ours.settings, ARTICLE), config).file
        for page in ours.plan.pages
    ]
    for path, content in ours.files().items():
        made.append(File.generated(config, path, content=content))
    for path, source in ours.plan.assets.items():
        made.append(File.generated(config, path, content=attachments.published(source)))
    return Files(kept(files, config) + made)


def kept(files: Iterable[File], config: MkDocsConfig) -> list[File]:
    """The theme's files that are published, mended, and those of content/ that mkdocs.yml names."""
    found = [file for file in files if _is_kept(file, config)]
    for file in found:
        if BUNDLE.fullmatch(file.src_uri):
            file.content_string = mending.mended_script(file.content_string)
    return found


def on_nav(nav: Navigation, config: MkDocsConfig, files: Files) -> Navigation:  # noqa: ARG001 — as MkDocs calls it
    """The navigation over our pages."""
    pages = (file.page for file in files.documentation_pages())
    return navigation(page for page in pages if isinstance(page, ThemedPage))


def on_env(env: Environment, config: MkDocsConfig, files: Files) -> Environment:  # noqa: ARG001 — as MkDocs calls it
    """Our templates escape by default; the theme's own do not know how to."""
    own = frozenset(
        p.relative_to(configuration.THEME).as_posix() for p in configuration.THEME.rglob("*.html")
    )
    env.autoescape = own.__contains__
    ours = given(config)
    names: dict[str, Any] = {
        "assets": static_files.addresses(),
        "site": ours.settings,
        "words": _script_words(),
        "footer": ours.plan.footer,
        "standing": [page for page in ours.plan.pages if _stands_alone(page)],
    }
    env.globals.update(names)
    return env


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """The theme's page, mended, with the article in its place."""
    html = mending.mended(output)
    if not isinstance(page, ThemedPage) or page.content != ARTICLE:
        return html
    before, place, after = html.partition(ARTICLE)
    if not place:
        raise RuntimeError(f"the theme left no place for the article of {page.url}")
    return "".join((before, given(config).render(page.entry), after))


def on_post_template(output: str, template_name: str, config: MkDocsConfig) -> str:  # noqa: ARG001 — as MkDocs calls it
    """The page for addresses that are not there, mended like any other."""
    return mending.mended(output)


def on_post_build(config: MkDocsConfig) -> None:
    """What is said of the site as a whole stands in it, too."""
    given(config).finish(Path(config.site_dir))


def given(config: MkDocsConfig) -> Surroundings:
    """What this build was handed."""
    extra: Any = config.extra
    return extra[KEY]


def _script_words() -> str:
    """What our script writes, in the site's language, as JSON; `#` stands for a value."""
    words = {
        "here": _("# where you are"),
        "kept": _("Your ticks stay in this browser."),
        "lost": _("This browser keeps nothing here: your ticks last until you leave the page."),
        "forgotten": _("They are forgotten."),
        "save": _("Save them as a file"),
        "forget": _("Forget them"),
        "progress": _("# of # steps done"),
        "copy": _("Copy"),
        "copied": _("Copied"),
    }
    return json.dumps(words, ensure_ascii=False, separators=(",", ":"))


def _stands_alone(page: Entry) -> bool:
    """Whether the footer names it: about, imprint, privacy."""
    return page.in_nav and page.address.count("/") == 1 and page.source.count("/") == 1


def _is_kept(file: File, config: MkDocsConfig) -> bool:
    if file.src_dir != config.docs_dir:
        return not file.src_uri.startswith(UNUSED) and not file.src_uri.endswith(".map")
    theme = config.theme
    choices: Any = config
    named = {str(each) for each in (*choices.extra_css, *choices.extra_javascript)}
    return file.src_uri in named | {theme.get("logo"), theme.get("favicon")}


def _planned(root: Path) -> Surroundings:
    """The community's plan, for a build that MkDocs itself began."""
    from townsquare import build, formats, ledger
    from townsquare.clock import started

    checked = build.check(root, now=started())
    plan = build.plan(checked, previous=ledger.load(None, first_publish=False))
    if plan.errors:
        formats.write(plan.problems, root, "text")
        raise SetupError(f"{len(plan.errors)} errors in the content")
    return of_plan(plan)
