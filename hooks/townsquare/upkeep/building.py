"""A site brought up to date in its folder: what changed is made, the rest stands as it is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from townsquare import attachments, measuring, output, proof, reports, sitemap, static_files
from townsquare.cache import Cache
from townsquare.figures import platform
from townsquare.makings import Making
from townsquare.output import RECORD, SUMS
from townsquare.pages import Article
from townsquare.problems import Problem
from townsquare.traces import QUERY
from townsquare.upkeep import faults, folder, local, outputs, sinks, theming
from townsquare.upkeep.folder import File
from townsquare.upkeep.outputs import Workshop
from townsquare.upkeep.sinks import Changes, Fresh, Sink
from townsquare.upkeep.state import State
from townsquare.upkeep.surfaces import Surface
from townsquare.upkeep.work import Work
from townsquare.values import value
from townsquare.views import guidelines

Record = Callable[[Mapping[str, int], "datetime | None"], bytes]
"""What gives `build.json` from a site's counts and from when the next change falls due."""


@value
class Result:
    """A site that is up to date. `written` says how many of its files were made anew.

    The others are what the next build must know of the folder: see `State`.
    """

    counts: Mapping[str, int]
    next_change: datetime | None
    written: int
    around: str
    files: dict[str, File]
    sums: str
    spare: str
    since: tuple[str, ...]


@value
class Upkeep:
    """One build of one folder's site from what the last one left."""

    work: Work
    before: State
    target: Path
    cache: Cache
    engine: str
    record: Record
    problems: Sequence[Problem]

    def run(self) -> Result:
        """The site in the target is up to date."""
        if self.before.sums and folder.identity(self.target) == self.before.sums:
            return self._changed(Changes(self.target, self.before.outputs))
        with output.replacing(self.target) as place:
            sink = Fresh(place)
            counts, around = self._fill(sink)
            self._finish(sink, counts)
        due, sums = self.next_change(), sink.files[SUMS].sha
        return Result(counts, due, len(sink.files), around, sink.files, sums, "", ())

    def next_change(self) -> datetime | None:
        """The instant from which the same files make another site, UTC."""
        bounds = self.work.traces.bounds()
        # What becomes overdue is no change of the site.
        due = (until for name, _, until in bounds if until and not name.startswith(faults.NODE))
        first = min(due, default=None)
        return None if first is None else datetime.fromtimestamp(first, UTC)

    def _changed(self, sink: Changes) -> Result:
        counts, around = self._fill(sink)
        due, before = self.next_change(), self.before
        gone = sink.gone() - {RECORD, SUMS}
        if not sink.contents and not gone:
            folder.replace_record(self.target, self.record(counts, due))
            files = sink.files | {SUMS: before.outputs[SUMS]}
            return Result(counts, due, 0, around, files, before.sums, before.spare, before.since)
        self._finish(sink, counts)
        # Written in any case: the second folder is whole again when it has them.
        sink.contents[SUMS] = sinks.sums(sink.files)
        kept = {path: known for path, known in sink.files.items() if path not in sink.contents}
        made = folder.change(
            self.target, sink.contents, gone, kept, spare=before.spare, since=before.since
        )
        since = tuple(sorted({*sink.contents, *gone}))
        sums = made[SUMS].sha
        return Result(counts, due, len(made), around, sink.files | made, sums, before.sums, since)

    def _finish(self, sink: Sink, counts: Mapping[str, int]) -> None:
        sink.put(RECORD, self.record(counts, self.next_change()))
        sink.put(SUMS, sinks.sums(sink.files))

    def _fill(self, sink: Sink) -> tuple[dict[str, int], str]:
        """Everything of the site is in the sink but its record and its sums.

        Gives the site's counts, and the name of what surrounds its pages.
        """
        community, traces = self.work.community, self.work.traces
        release = local.release(community)
        pages, files = local.pages(community), local.files(community)

        def holds(making: Making) -> bool:
            return sink.stands(outputs.path_of(making)) and traces.holds(outputs.node_of(making))

        standing = [making for making in pages if holds(making)]
        drafts = outputs.drafted(release, _without(pages, standing))
        known = {making.address: outputs.known_surface(making, traces) for making in standing}
        known |= {draft.making.address: draft.surface for draft in drafts}
        around = self._around([known[making.address] for making in pages])
        titles = {address: surface.title for address, surface in known.items()}
        moved = local.moved_pages(community, titles)
        if around.is_known and around.name == self.before.around:
            drafts += outputs.drafted(release, (m for m in moved if not holds(m)))
        else:
            # What surrounds every page is new, whatever stands in them.
            drafts += outputs.drafted(release, [*standing, *moved])
        self._put_theme(around, sink)
        article = Article(community.settings, community.addresses)
        workshop = Workshop(release, article, around.shelf, traces, self.cache)
        workshop.make([*drafts, *(making for making in files if not holds(making))], sink)
        around.keep()
        for making in (*pages, *moved, *files):
            if outputs.path_of(making) not in sink.files:
                sink.leave(outputs.path_of(making))
        self._forget_others([*pages, *moved, *files])
        for address in proof.READ_BACK:
            if (content := sink.made(address)) is not None:
                proof.check_one(address, content)
        self._put_others(sink, known.values(), around.named)
        counts = self._counts([*pages, *moved], files)
        self._put_last(sink, counts, article)
        return counts, around.name

    def _forget_others(self, makings: Iterable[Making]) -> None:
        """Only what made a file that stands now is known of outputs.

        What made one before may hold again, when an edit is undone: its file is another's then.
        """
        others = (QUERY, faults.NODE)
        now = {outputs.node_of(making) for making in makings}
        self.work.traces.forget(lambda name: name not in now and not name.startswith(others))

    def _put_last(self, sink: Sink, counts: Mapping[str, int], article: Article) -> None:
        """What is said of the site as a whole, once all else of it is known."""
        community, page = self.work.community, platform.OWN[0]
        sizes = {path: each.size for path, each in sink.files.items()}
        found = measuring.measured(community, sizes, counts, self.problems)
        data = reports.platform_json(community, found)
        is_new = not sink.stands(platform.JSON, sha256(data).hexdigest())
        sink.put(platform.JSON, data)
        made = sink.made(page)
        if is_new or made is not None:
            whole = made or (self.target / page).read_bytes()
            sink.put(page, measuring.filled(community, found, whole, render=article.render))

    def _around(self, surfaces: Iterable[Surface]) -> theming.Surroundings:
        root, settings = Path(self.work.snapshot.root), self.work.community.settings
        footer = guidelines.footer(self.work.community)
        start = theming.theme_of(root, self.target, settings, footer)
        beside = [*theming.named_files(self.work.snapshot), json.dumps(footer)]
        return theming.Surroundings(surfaces, settings, start, self.cache, self.engine, beside)

    def _put_theme(self, around: theming.Surroundings, sink: Sink) -> None:
        for path, digest, content in around.files():
            if sink.stands(path, digest):
                sink.leave(path)
            else:
                sink.put(path, content())
        for path, content in static_files.files().items():
            sink.put(path, content)

    def _put_others(
        self, sink: Sink, surfaces: Iterable[Surface], named: Mapping[str, str]
    ) -> None:
        """The sitemap, what stands at old addresses of files, and files as they are."""
        community = self.work.community
        for path, content in sitemap.files(surfaces, community.settings).items():
            sink.put(path, content)
        for path, content in local.moved_files(community).items():
            sink.put(path, content)
        shown = attachments.shown(community)
        copied = {asset.address: path for path, asset in shown.items()}
        for at, path in (copied | {at: f"content/{name}" for at, name in named.items()}).items():
            if sink.stands(at, self.work.snapshot.digests[path]):
                sink.leave(at)
            else:
                sink.put(at, Path(self.work.snapshot.root, path).read_bytes())

    def _counts(self, pages: list[Making], files: list[Making]) -> dict[str, int]:
        addresses = [making.address for making in files]
        return {
            "pages": len(pages),
            **local.entry_counts(self.work.community),
            "feeds": len([at for at in addresses if platform.is_feed(at)]),
            "calendars": len([at for at in addresses if at.endswith(".ics")]),
        }


def _without(makings: Iterable[Making], left_out: Iterable[Making]) -> list[Making]:
    known = {making.address for making in left_out}
    return [making for making in makings if making.address not in known]
