"""Every output of a site: whether it stands, what makes it, and what the next build is told."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from townsquare.cache import Cache
from townsquare.makings import Making, function_of
from townsquare.pages import Article, Page
from townsquare.reads import Frame
from townsquare.release import Release
from townsquare.shells import Shelf
from townsquare.traces import Told, Traces
from townsquare.upkeep import crew, surfaces
from townsquare.upkeep.sinks import Sink
from townsquare.upkeep.surfaces import Surface

INDEX = "index.html"


class Output(NamedTuple):
    """One output: what makes it, where its file stands, and the name of what it was made from."""

    making: Making
    path: str
    node: str


class Draft(NamedTuple):
    """A page without its article, and what was read so far."""

    output: Output
    page: Page
    frame: Frame

    @property
    def surface(self) -> Surface:
        """What the rest of the site must know of the page."""
        return surfaces.of_page(self.page)


def of(makings: Iterable[Making]) -> list[Output]:
    """The outputs that these make; a page's file stands in a folder."""
    return [
        Output(
            making,
            f"{making.address}{INDEX}" if making.address[-1:] in ("", "/") else making.address,
            f"{making.address} {making.function} {making.arguments}",
        )
        for making in makings
    ]


def drafted(release: Release, wanted: Iterable[Output]) -> list[Draft]:
    """The pages that are to be made, as far as the theme and other pages must know of them."""
    found: list[Draft] = []
    for output in wanted:
        making = output.making
        with Frame() as frame:
            page: Page = function_of(making)(release.community, *making.arguments)
        found.append(Draft(output, page, frame))
    return found


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

    def make(self, tasks: list[Draft | Output], sink: Sink) -> None:
        """The sink has every page and file, and the traces know what each was made from.

        Each task is let go once it is done, so that not all pages are held until the last is made.
        """
        for task in tasks:
            if isinstance(task, Draft):
                self._shelf.learn(task.page)
        before = self._traces.sofar()
        self._cache.share()
        _own, *others = crew.shared(tasks, lambda part: self._made(part, sink, before))
        for taken, nodes in others:
            sink.join(taken)
            self._traces.join(nodes)

    def _made(
        self, tasks: list[Draft | Output], sink: Sink, before: tuple[frozenset[int], int]
    ) -> tuple[Any, Told]:
        tasks.reverse()
        while tasks:
            task = tasks.pop()
            if isinstance(task, Draft):
                self._page(task, sink)
            else:
                self._file(task, sink)
        return sink.taken(), self._traces.told(before)

    def _page(self, draft: Draft, sink: Sink) -> None:
        with draft.frame:
            content = self._shelf.page(draft.page, self._article.render(draft.page))
        self._traces.keep(draft.output.node, draft.frame, draft.surface.text())
        sink.put(draft.output.path, content)

    def _file(self, output: Output, sink: Sink) -> None:
        making = output.making
        with Frame() as frame:
            content: bytes = function_of(making)(self._release, *making.arguments)
        self._traces.keep(output.node, frame, None)
        sink.put(output.path, content)
