"""The site around the articles: the only package that knows MkDocs and its theme.

`build` renders one page of each shape through the theme and fills the others into what it learned.
A plain `mkdocs build` with `hooks: [hooks/mkdocs_hook.py]` renders every page through the theme and
gives the same bytes: it is what `build` is held against.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from pathlib import Path

from townsquare import attachments, output
from townsquare.pages import Footer, Page
from townsquare.settings import Settings
from townsquare.shells import Shelf
from townsquare.site import configuration, events
from townsquare.site.surroundings import Surroundings
from townsquare.site.theme import Theme
from townsquare.values import value


def build(ours: Surroundings, root: Path, out: Path) -> None:
    """The whole site stands in the empty folder `out`.

    Raises SetupError where mkdocs.yml asks for what cannot be.
    """
    config = configuration.read(root, out)
    events.hand_over(config, ours)
    theme = Theme(config)
    shelf = Shelf(ours.settings, lambda: theme)
    output.write(out, _files(theme, shelf, ours))
    config.plugins.on_post_build(config=config)


@value
class _Pages:
    """A plan for a theme that is only asked what it puts around pages."""

    pages: tuple[Page, ...]
    footer: Footer
    files: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    assets: Mapping[str, Path] = field(default_factory=dict[str, Path])


def theme_around(
    pages: Sequence[Page], footer: Footer, settings: Settings, root: Path, out: Path
) -> Theme:
    """The theme of the community in this folder, as it surrounds a site with these pages.

    It must know every page that stands in the navigation, and nothing of the others.
    """
    config = configuration.read(root, out)
    events.hand_over(config, Surroundings(_Pages(tuple(pages), footer), settings, _nothing))
    return Theme(config)


def _nothing(_page: Page) -> str:
    return ""


def _files(theme: Theme, shelf: Shelf, ours: Surroundings) -> Iterator[tuple[str, bytes]]:
    yield from theme.files()
    for path, name in theme.named().items():
        yield path, Path(theme.config.docs_dir, name).read_bytes()
    yield from ours.files().items()
    for path, source in ours.plan.assets.items():
        yield path, attachments.published(source)
    for page in ours.plan.pages:
        yield page.address + "index.html", shelf.page(page, ours.render(page))
