"""Where links lead, asked link by link, so that a page depends on what it links to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field

from townsquare.community import Community
from townsquare.library import Library
from townsquare.links import Addresses, forms
from townsquare.queries import query
from townsquare.upkeep.kept_entry import note_all
from townsquare.upkeep.tracked import KeptLibrary
from townsquare.values import named


@named
class KeptAddresses(Addresses):
    """Addresses that are looked up one by one."""

    files: Mapping[str, str] = field(default_factory=dict[str, str])
    ask: Callable[[str], str | None]

    def find(self, path: str) -> str | None:
        """The address of a file, folder or address of the repository, or nothing."""
        return self.ask(path)


@query
def leads(community: Community, path: str) -> str | None:
    """The address that a link to this file, folder or address leads to."""
    library = community.library
    entry = library.by_path.get(path)
    if entry is not None and library.shown(entry):
        return entry.address
    if (asset := library.assets.get(path)) is not None:
        return asset.address
    if path.endswith(".md"):
        return None
    wanted = forms(path)
    of_files = wanted & set(of_entries(community))
    return min(of_files or wanted & set(of_outputs(community)), default=None)


@query
def of_entries(community: Community) -> list[str]:
    """The address of every entry that readers see, and of every other file."""
    shown = {entry.address for entry in community.readable()}
    return sorted(shown | {asset.address for asset in community.library.assets.values()})


@query
def page_at(community: Community, address: str) -> str | None:
    """The file of the page that stands at the address, if readers see one."""
    return _pages(community).get(address)


@query
def _pages(community: Community) -> dict[str, str]:
    return {entry.address: entry.path for entry in community.readable()}


@query
def of_outputs(community: Community) -> list[str]:
    """The address of everything that has no file of its own."""
    from townsquare import build

    library = community.library
    if isinstance(library, KeptLibrary) and (faulty := set(library.in_error)):
        # What files with faults would bring cannot be reckoned, so that whatever is not faulty is
        # looked at without notes, and any change at all is a change of this.
        for entry in library.plain:
            note_all(entry)
        whole = Library(
            library.settings,
            library.plain,
            library.states,
            dict(library.assets),
            dict(library.tags),
            library.tags_listed,
            data=dict(library.data),
            history=library.history,
        )
        return sorted(build.outputs_without(faulty, whole, community.clock))
    return sorted(build.addresses_of_outputs(community))
