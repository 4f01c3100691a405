"""MkDocs' configuration: the community's own, or the packaged one, and what we settle ourselves."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from markupsafe import escape

from townsquare import static_files
from townsquare.problems import SetupError
from townsquare.settings import FILE, Settings

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig

THEME = Path(__file__).parents[1] / "templates" / "theme"

THEME_FAVICON = "assets/images/favicon.png"

# The theme's own picture of a repository stands twice on every page and takes a kilobyte each time.
ICONS = {"logo": "material/fountain", "repo": "octicons/repo-16"}

FEATURES = (
    "content.action.edit",
    "content.code.copy",
    "navigation.indexes",
    "navigation.path",
    "navigation.prune",
    "navigation.sections",
    "navigation.tabs",
    "toc.follow",
)


def _scheme(name: str, media: str, icon: str, toggle: str) -> dict[str, Any]:
    return {
        "media": media,
        "scheme": name,
        "primary": "custom",
        "accent": "custom",
        "toggle": {"icon": icon, "name": toggle},
    }


PALETTE = (
    _scheme(
        "default",
        "(prefers-color-scheme: light)",
        "material/weather-night",
        "Switch to dark mode",
    ),
    _scheme(
        "slate",
        "(prefers-color-scheme: dark)",
        "material/weather-sunny",
        "Switch to light mode",
    ),
)

# Whoever changes a page after the theme, or its inputs before, would not see the pages that later
# builds fill from learned shells: plain and fast builds would differ.
REFUSED_EVENTS = (
    "on_files",
    "on_nav",
    "on_env",
    "on_pre_page",
    "on_page_read_source",
    "on_page_markdown",
    "on_page_content",
    "on_page_context",
    "on_post_page",
    "on_pre_template",
    "on_template_context",
    "on_post_template",
)


def read(root: Path, out: Path) -> MkDocsConfig:
    """MkDocs' configuration of the community in this folder, validated, to be built into `out`.

    Raises SetupError with every fault that MkDocs finds in mkdocs.yml.
    """
    os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
    from mkdocs.config.defaults import MkDocsConfig

    _quiet()
    # MkDocs takes a relative folder from where its configuration stands.
    root, out = root.resolve(), out.resolve()
    file = root / FILE
    config: Any = MkDocsConfig(config_file_path=str(file))
    config.load_dict({"site_name": "-", "theme": {"name": "material"}, "plugins": []})
    if file.is_file():
        with file.open("rb") as stream:
            config.load_file(stream)
    content = root / "content"
    config.load_dict(
        {"site_dir": str(out), "docs_dir": str(content if content.is_dir() else THEME)}
    )
    errors, _ = config.validate()
    if errors:
        raise SetupError("\n".join(f"{FILE}: {key}: {error}" for key, error in errors))
    return config


def settle(config: MkDocsConfig, settings: Settings) -> None:
    """Everything in the configuration is as our pages need it; what cannot be is refused."""
    if _loose(config).nav:
        raise SetupError(f"{FILE}: take out `nav`: it is made from the pages and their `order`")
    config.nav = []
    _settle_theme(config, settings)
    _settle_names(config, settings)
    _loose(config).extra.setdefault("generator", False)


def _loose(config: MkDocsConfig) -> Any:
    """The configuration without MkDocs' types, which leave much of it unknown."""
    return config


def plugins(config: MkDocsConfig) -> Mapping[str, object]:
    """The build's plugins and hooks by name; a hook is a module."""
    return cast("Mapping[str, object]", config.plugins)


def refuse_others(config: MkDocsConfig, ours: object) -> None:
    """Raises SetupError for a plugin or hook that would change pages beside our own hook."""
    for name, plugin in plugins(config).items():
        changes = [event for event in REFUSED_EVENTS if callable(getattr(plugin, event, None))]
        if changes and getattr(plugin, "on_files", None) is not ours:
            raise SetupError(
                f"{FILE}: `{name}` changes pages ({changes[0]}), which only Townsquare may do: "
                "take it out, and write `plugins: []` where no other plugin is left"
            )


def _settle_theme(config: MkDocsConfig, settings: Settings) -> None:
    theme = config.theme
    if theme.name != "material":
        raise SetupError(f"{FILE}: write `theme: {{name: material}}`: our pages stand in it")
    theme.dirs.insert(1 if theme.custom_dir else 0, str(THEME))
    theme.static_templates = {"404.html"}
    theme["font"] = False
    theme["features"] = list(theme["features"] or FEATURES)
    if not theme.get("palette"):
        theme["palette"] = [dict(scheme) for scheme in PALETTE]
    theme["icon"] = ICONS | (theme.get("icon") or {})
    if theme["favicon"] == THEME_FAVICON:
        theme["favicon"] = static_files.addresses()["favicon.svg"]
    if theme["language"] == "en":
        theme["language"] = _translation(settings.language, config)


def _translation(language: str, config: MkDocsConfig) -> str:
    """The theme's translation that serves the language best; English where it has none."""
    known = [Path(folder, "partials", "languages") for folder in config.theme.dirs]
    for name in (language, language.split("-")[0]):
        if any((folder / f"{name}.html").is_file() for folder in known):
            return name
    return "en"


def _settle_names(config: MkDocsConfig, settings: Settings) -> None:
    # The theme prints these without escaping; what is marked as escaped stays as it is in `| e`.
    config.site_name = escape(settings.site_name)
    config.site_url = settings.site_url
    config.site_description = escape(settings.site_description or "")
    config.site_author = escape(settings.site_author or "")


def _quiet() -> None:
    logger = logging.getLogger("mkdocs")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
