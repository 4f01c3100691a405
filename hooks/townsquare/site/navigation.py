"""The navigation: tabs, sections and pages, from the pages' addresses and order."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from markupsafe import Markup, escape
from mkdocs.structure.nav import Navigation, Section

from townsquare.site.themed import ThemedPage

# The community's functions come first. What is small beside them shares the last tab: single pages
# (about, imprint) and folders that no page introduces.
TABS = frozenset({"blog", "events", "onboarding", "guidelines", "people", "partners", "subscribe"})

Item = ThemedPage | Section


@dataclass(slots=True)
class _Folder:
    """A place in the navigation: its page, where it has one, and what stands below."""

    name: str = ""
    page: ThemedPage | None = None
    below: dict[str, _Folder] = field(default_factory=dict[str, "_Folder"])

    def order(self) -> tuple[int, str]:
        """Where it stands among its neighbours: as its page, else as the first below it."""
        if self.page:
            return (self.page.entry.order, self.page.entry.title)
        return min(folder.order() for folder in self.below.values())

    def ordered(self) -> list[_Folder]:
        return sorted(self.below.values(), key=_Folder.order)


def navigation(pages: Iterable[ThemedPage]) -> Navigation:
    """Tabs and sections over the pages that stand in the navigation, by order, then title.

    A page with others below it becomes a section's first page. An imprint takes no tab of its own:
    single pages of the root share one. A page outside the navigation gets
    the parent that its `section` names, so that its tab is marked.
    """
    every = list(pages)
    inside = [page for page in every if page.entry.in_nav]
    root = _tree(inside)
    items: list[Item] = [root.page] if root.page else []
    items += _tabs(root)
    adopt(every, {page.entry.address: page for page in inside})
    return Navigation(items, list(inside))


def _tree(pages: Iterable[ThemedPage]) -> _Folder:
    root = _Folder()
    for page in pages:
        here = root
        for name in page.entry.address.split("/")[:-1]:
            here = here.below.setdefault(name, _Folder(name))
        here.page = page
    return root


def _tabs(root: _Folder) -> list[Item]:
    known = [folder for folder in root.ordered() if folder.name in TABS]
    others = [folder for folder in root.ordered() if folder.name not in TABS]
    small = [folder for folder in others if not (folder.page and folder.below)]
    head = next((folder for folder in small if folder.page), None)
    if head is None or len(small) == 1:
        return [_item(folder) for folder in (*known, *others)]
    large = [folder for folder in others if folder not in small]
    return [*(_item(folder) for folder in (*known, *large)), _section(head, small)]


def _item(folder: _Folder) -> Item:
    if folder.page and not folder.below:
        return folder.page
    return _section(folder, folder.ordered())


def _title(folder: _Folder) -> Markup:
    if folder.page:
        return Markup(folder.page.slots.title)  # noqa: S704 (escaped already)
    return escape(folder.name.replace("-", " ").capitalize())


def _section(head: _Folder, below: Iterable[_Folder]) -> Section:
    children = [_item(folder) for folder in below if folder is not head]
    if head.page:
        head.page.heads_section = True
        children.insert(0, head.page)
    section = Section(_title(head), list(children))
    for child in children:
        child.parent = section
    return section


def adopt(pages: Iterable[ThemedPage], inside: Mapping[str, ThemedPage]) -> None:
    """Each page outside the navigation has the parent that its `section` names, if any."""
    for page in pages:
        head = inside.get(page.entry.section) if page.entry.section else None
        if head and not page.entry.in_nav:
            # MkDocs only asks a parent for its title, address and parent, and to be active:
            # a page does where it declares a section.
            page.parent = head.parent if head.is_index else head  # type: ignore[assignment]
