"""Every output of a site: whether it stands, what makes it, and what the next build is told."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from townsquare.cache import Cache
from townsquare.makings import Making, function_of
from townsquare.pages import Article, Page
from townsquare.reads import Frame
from townsquare.release import Release
from townsquare.shells import Shelf
from townsquare.traces import Node, Traces
from townsquare.upkeep import crew, surfaces
from townsquare.upkeep.sinks import Sink
from townsquare.upkeep.surfaces import Surface

INDEX = "index.html"


class Draft(NamedTuple):
    """A page without its article, and what was read so far."""

    making: Making
    page: Page
    frame: Frame

    @property
    def surface(self) -> Surface:
        """What the rest of the site must know of the page."""
        return surfaces.of_page(self.page)


def node_of(making: Making) -> str:
    """The name under which is remembered what the output was made from."""
    return f"{making.address} {making.function} {making.arguments}"


def path_of(making: Making) -> str:
    """Where the output's file stands: a page's in a folder."""
    at = making.address
    return at + INDEX if not at or at.endswith("/") else at


def drafted(release: Release, wanted: Iterable[Making]) -> list[Draft]:
    """The pages that are to be made, as far as the theme and other pages must know of them."""
    found: list[Draft] = []
    for making in wanted:
        with Frame() as frame:
            page: Page = function_of(making)(release.community, *making.arguments)
        found.append(Draft(making, page, frame))
    return found


def known_surface(making: Making, traces: Traces) -> Surface:
    """What the rest of the site must know of a page that stands."""
    return surfaces.of_text(traces.value(node_of(making)) or "")


class Workshop:
    """Makes outputs, on all cores where there are many."""

    def __init__(
        self, release: Release, article: Article, shelf: Shelf, traces: Traces, cache: Cache
    ) -> None:
        self._cache = cache
        self._release = release
        self._article = article
        self._shelf = shelf
        self._traces = traces

    def make(self, tasks: Sequence[Draft | Making], sink: Sink) -> None:
        """The sink has every page and file, and the traces know what each was made from."""
        for task in tasks:
            if isinstance(task, Draft):
                self._shelf.learn(task.page)
        before = self._traces.made()
        self._cache.share()
        for taken, nodes in crew.shared(tasks, lambda part: self._made(part, sink, before)):
            sink.join(taken)
            self._traces.join(nodes)

    def _made(
        self, tasks: Sequence[Draft | Making], sink: Sink, before: dict[str, Node]
    ) -> tuple[Any, dict[str, tuple[Node, list[str]]]]:
        for task in tasks:
            if isinstance(task, Draft):
                self._page(task, sink)
            else:
                self._file(task, sink)
        return sink.taken(), self._traces.told(before)

    def _page(self, draft: Draft, sink: Sink) -> None:
        with draft.frame:
            content = self._shelf.page(draft.page, self._article.render(draft.page))
        self._traces.keep(node_of(draft.making), draft.frame, draft.surface.text())
        sink.put(path_of(draft.making), content)

    def _file(self, making: Making, sink: Sink) -> None:
        with Frame() as frame:
            content: bytes = function_of(making)(self._release, *making.arguments)
        self._traces.keep(node_of(making), frame, "")
        sink.put(making.address, content)
