"""A site brought up to date in its folder: what changed is made, the rest stands as it is."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from hashlib import sha256
from pathlib import Path
from posixpath import splitext

from townsquare import attachments, measuring, output, proof, reports, sitemap, static_files
from townsquare.cache import Cache, key
from townsquare.figures import platform
from townsquare.output import RECORD, SUMS
from townsquare.pages import Article
from townsquare.problems import Problem
from townsquare.upkeep import folder, local, outputs, sinks, theming
from townsquare.upkeep.outputs import Draft, Output, Workshop
from townsquare.upkeep.sinks import Changes, Fresh, Sink
from townsquare.upkeep.state import Site, State
from townsquare.upkeep.surfaces import Surface, Surfaces
from townsquare.upkeep.work import Work
from townsquare.values import value
from townsquare.views import channels

Record = Callable[[Mapping[str, int], "datetime | None"], bytes]
"""What gives `build.json` from a site's counts and from when the next change falls due."""


@value
class Result:
    """A site that is up to date. `written` says how many of its files were made anew."""

    counts: Mapping[str, int]
    next_change: datetime | None
    written: int
    site: Site


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
        before = self.before.site
        if before.sums and folder.identity(self.target) == before.sums:
            changes = Changes(self.target, before.outputs)
            if not changes.has_links:
                return self._changed(changes)
        with output.replacing(self.target) as place:
            sink = Fresh(place)
            counts, site = self._fill(sink)
            due = self._finish(sink, counts)
        site = site._replace(outputs=sink.files, sums=sink.files[SUMS].sha)
        return Result(counts, due, len(sink.files), site)

    def _changed(self, sink: Changes) -> Result:
        counts, site = self._fill(sink)
        before = self.before.site
        gone = sink.gone() - {RECORD, SUMS}
        if not sink.contents and not gone:
            due = self.next_change()
            folder.replace_record(self.target, self.record(counts, due))
            files = sink.files | {SUMS: before.outputs[SUMS]}
            site = site._replace(outputs=files, sums=before.sums)
            return Result(counts, due, 0, site._replace(spare=before.spare, since=before.since))
        due = self._finish(sink, counts)
        # Written in any case: the second folder is whole again when it has them.
        sink.contents[SUMS] = sinks.sums(sink.files)
        kept = {path: known for path, known in sink.files.items() if path not in sink.contents}
        made = folder.change(
            self.target, sink.contents, gone, kept, spare=before.spare, since=before.since
        )
        since = tuple(sorted({*sink.contents, *gone}))
        site = site._replace(outputs=sink.files | made, sums=made[SUMS].sha)
        return Result(counts, due, len(made), site._replace(spare=before.sums, since=since))

    def next_change(self) -> datetime | None:
        """The instant from which the same files make another site, UTC."""
        due = self.work.traces.span().due
        return None if due is None else datetime.fromtimestamp(due, UTC)

    def _finish(self, sink: Sink, counts: Mapping[str, int]) -> datetime | None:
        """The sink has the site's record and its sums, too; gives when the next change is due."""
        due = self.next_change()
        sink.put(RECORD, self.record(counts, due))
        sink.put(SUMS, sinks.sums(sink.files))
        return due

    def _fill(self, sink: Sink) -> tuple[dict[str, int], Site]:
        """Everything of the site is in the sink but its record and its sums.

        Gives the site's counts, and what the next build must know of what was made.
        """
        community = self.work.community
        release = local.release(community)
        pages, files = outputs.of(local.pages(community)), outputs.of(local.files(community))
        holds = partial(self._holds, sink)
        doubtful = [each for each in pages if not holds(each)]
        drafts = outputs.drafted(release, doubtful)
        shown = self._surfaces(pages, drafts)
        in_nav = shown.in_nav()
        around = self._around(in_nav)
        moved = outputs.of(local.moved_pages(community, shown.title))
        if around.is_known and around.name == self.before.site.around:
            drafts += outputs.drafted(release, (each for each in moved if not holds(each)))
        else:
            # What surrounds every page is new, whatever stands in them.
            known = {each.node for each in doubtful}
            standing = (each for each in pages if each.node not in known)
            drafts += outputs.drafted(release, [*standing, *moved])
        self._put_theme(around, sink)
        article = Article(community.settings, community.addresses)
        workshop = Workshop(release, article, around.shelf, self.work.traces, self.cache)
        tasks = [*drafts, *(each for each in files if not holds(each))]
        drafts.clear()
        workshop.make(tasks, sink)
        around.keep()
        made = [*pages, *moved, *files]
        for each in made:
            if each.path not in sink.files:
                sink.leave(each.path)
        makings = {each.path: each.node for each in made}
        # What made a file before may hold again when an edit is undone: the file is another's then.
        self.work.traces.forget(set(self.before.site.makings.values()) - set(makings.values()))
        for address in proof.READ_BACK:
            if (content := sink.made(address)) is not None:
                proof.check_one(address, content)
        self._put_others(sink, shown.listed(), around.named)
        counts = self._counts(len(pages) + len(moved), files)
        self._put_last(sink, counts, article)
        site = Site(
            {},
            makings,
            around=around.name,
            in_nav=tuple(each.address for each in in_nav),
            unlisted=tuple(sorted(shown.unlisted)),
        )
        return counts, site

    def _holds(self, sink: Sink, output: Output) -> bool:
        """Whether what the build before has made stands, and would be made again."""
        return (
            self.before.site.makings.get(output.path) == output.node
            and sink.stands(output.path)
            and self.work.traces.still_holds(output.node)
        )

    def _surfaces(self, pages: Iterable[Output], drafts: Iterable[Draft]) -> Surfaces:
        before, traces = self.before.site, self.work.traces
        nodes = {each.making.address: each.node for each in pages}
        return Surfaces(
            nodes.keys(),
            {each.output.making.address: each.surface for each in drafts},
            lambda address: traces.value(nodes[address]),
            in_nav=before.in_nav,
            unlisted=before.unlisted,
        )

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
        footer = channels.footer(self.work.community)
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

    def _put_others(self, sink: Sink, listed: Iterable[str], named: Mapping[str, str]) -> None:
        """The sitemap, what stands at old addresses of files, and files as they are."""
        community = self.work.community
        for path, content in sitemap.files(listed, community.settings).items():
            sink.put(path, content)
        for path, content in local.moved_files(community).items():
            sink.put(path, content)
        shown = attachments.shown(community)
        copied = {asset.address: path for path, asset in shown.items()}
        for at, path in (copied | {at: f"content/{name}" for at, name in named.items()}).items():
            self._put_attachment(sink, at, path)

    def _put_attachment(self, sink: Sink, at: str, path: str) -> None:
        """The file, which is only read where what was made of it does not stand."""
        digest = self.work.snapshot.digests[path]
        known = key("published", self.engine, splitext(path)[1].lower(), digest)
        made = (self.cache.kept(known) or b"").decode()
        if sink.stands(at, made or digest):
            sink.leave(at)
            return
        content = attachments.published(Path(self.work.snapshot.root, path))
        if (found := sha256(content).hexdigest()) != digest:
            self.cache.keep(known, found.encode())
        sink.put(at, content)

    def _counts(self, pages: int, files: list[Output]) -> dict[str, int]:
        return {
            "pages": pages,
            **local.entry_counts(self.work.community),
            "feeds": sum(platform.is_feed(each.path) for each in files),
            "calendars": sum(each.path.endswith(".ics") for each in files),
        }
