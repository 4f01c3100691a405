"""Communities whose entries each have one text in one field, for every field that the model has."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from community_files import NOW, write

from townsquare import build, kinds, ledger, publication
from townsquare.field_guide import example, inner_record
from townsquare.fields import Shape, shapes

PLAIN = "Plain words"
FOLDERS = {
    "post": "content/blog",
    "event": "events",
    "guideline": "guidelines",
    "guide": "content/onboarding",
    "path": "content/onboarding/paths",
    "person": "content/people",
    "partner": "content/partners",
    "page": "content",
    "former": "guidelines/archive/house-rules",
    "transparency": "guidelines/transparency",
}
SITE = """
    site_name: Commons
    site_url: https://example.org/
    extra:
      townsquare:
        authority: example.org,2026
    """
RULES = "type: policy\nversion: {}\nstatus: {}\neffective: 2026-01-05\n"
BASE = {
    "mkdocs.yml": SITE,
    "content/index.md": "---\ntitle: Home\n---\nHello.\n",
    "content/tags.yml": "event:\n  title: Events\nnews:\n  title: News\n",
    **{f"content/people/{n}.md": "---\ntitle: A\n---\n" for n in ("ana", "bo", "conduct-team")},
    "content/partners/acme.md": "---\ntitle: Acme\nurl: https://example.org\n---\n",
    **{f"content/onboarding/{n}.md": "---\ntitle: G\n---\n" for n in ("first-post", "first-steps")},
    "guidelines/house-rules.md": f"---\ntitle: H\n{RULES.format('9.0', 'active')}---\nBe kind.\n",
}


class Field(NamedTuple):
    """A field of a kind, by its path."""

    kind: str
    path: tuple[str, ...]

    @property
    def shape(self) -> Shape:
        cls: Any = _kind(self.kind).fields
        *outer, last = self.path
        for name in outer:
            cls = inner_record(shapes(cls)[name])
        return shapes(cls)[last]

    @property
    def example(self) -> str:
        return example(self.shape).strip("[]")

    @property
    def is_address(self) -> bool:
        return self.example.startswith(("https:", "mailto:"))

    @property
    def forms(self) -> tuple[str, ...]:
        """Where in a value of the field's form somebody would put what is not of it."""
        web = ("https://example.org/{}", "https://example.org/?a={}#b", "https://{}.example.org/")
        mail = ("mailto:{}@example.org", "mailto:a@example.org?subject={}")
        if self.is_address:
            return (*web, *mail) if self.path[-1].endswith("contact") else web
        return (f"{self.example}{{}}",)


class Entry(NamedTuple):
    """A file of the community, which tries one payload in one field."""

    path: str
    field: Field
    payload: str
    number: int
    form: str = "{}"
    """Where the payload stands in the value."""
    quoted: bool = False
    """Whether it is written as addresses hold such signs (RFC 3986 §2.1)."""

    def text(self) -> str:
        return self._text(quote(self.payload, safe="") if self.quoted else self.payload)

    def plain(self) -> str:
        # A link that begins with `#` leads into its own page, where any other words lead nowhere.
        words = f"{'#' * self.payload.startswith('#')}{PLAIN} {self.number}"
        return self._text(words if self.form == "{}" else words.lower().replace(" ", "-"))

    def _text(self, value: str) -> str:
        value = self.form.replace("{}", value)
        return f"---\n{front(self.field, value, self.number)}---\nText.\n"


class Tried(NamedTuple):
    """A payload in a field of free words, or in a form that the field has."""

    field: Field
    payload: str
    form: str = "{}"
    quoted: bool = False


def fields() -> list[Field]:
    """Every field that holds one value, of every kind, as the model declares them."""
    return [Field(kind.name, path) for kind in kinds.KINDS for path in _paths(kind.fields)]


def _paths(cls: type[Any]) -> Iterator[tuple[str, ...]]:
    for name, shape in shapes(cls).items():
        inner = inner_record(shape)
        if inner is None:
            yield (name,)
        else:
            yield from ((name, *rest) for rest in _paths(inner))


def _kind(name: str) -> Any:
    return next(each for each in kinds.KINDS if each.name == name)


def front(field: Field, text: str, number: int) -> str:
    """Front matter with the text in this field and examples in what must stand beside it."""
    known = shapes(_kind(field.kind).fields)
    rows = {s.name: example(s) for s in known.values() if s.required}
    rows |= {"post": {"date": "2026-01-05"}, "event": {"start": "2026-12-01 18:00"}}.get(
        field.kind, {}
    )
    if field.kind == "guideline":
        rows |= {"status": "active", "effective": "2026-01-05"}
    if field.kind == "former":
        rows["version"] = f'"1.{number}"'
    if field.kind == "transparency":
        rows |= {"period": f'"{1900 + number % 125}"', "total": "5"}
    if field.path[0] == "changes" and field.kind == "event":
        rows["repeat"] = "{every: week, times: 3}"
    if field.path[0] == "sessions":
        rows.pop("start")
    rows[field.path[0]] = _flow(known[field.path[0]], field.path[1:], text)
    return "".join(f"{name}: {value}\n" for name, value in rows.items())


def _flow(shape: Shape, rest: Sequence[str], text: str) -> str:
    inner = inner_record(shape)
    one = json.dumps(text)
    if inner is not None:
        known = shapes(inner)
        rows = {s.name: example(s) for s in known.values() if s.required}
        if rest[0] == "affiliation":
            rows["name"] = "Bo"
        if shape.name == "media" and rest[0] != "file":
            rows |= {"url": "https://example.org/a.mp3", "bytes": "9"}
        rows[rest[0]] = _flow(known[rest[0]], rest[1:], text)
        one = "{" + ", ".join(f"{name}: {value}" for name, value in rows.items()) + "}"
    if shape.is_map:
        return f"{{2026-12-08: {one}}}"
    return f"[{one}]" if shape.is_list else one


def entries(tried: Sequence[Tried]) -> list[Entry]:
    """Each in a file of its own."""
    made = []
    for number, each in enumerate(tried):
        field = each.field
        name = f"{1900 + number % 125}" if field.kind == "transparency" else f"m{number}"
        path = f"{FOLDERS[field.kind]}/{name}.md"
        made.append(Entry(path, field, each.payload, number, each.form, each.quoted))
    return made


def free_fields(folder: Path) -> list[Field]:
    """The fields that take any words."""
    made = entries([Tried(each, PLAIN) for each in fields()])
    faulty = {fault.place.path for fault in build.check(written(folder, made), now=NOW).errors}
    return [each.field for each in made if each.path not in faulty]


def written(folder: Path, made: Sequence[Entry]) -> Path:
    """The community of these entries, with their payloads."""
    root = write(folder, BASE | {each.path: "" for each in made})
    for each in made:
        (root / each.path).write_text(each.text(), encoding="utf-8")
    return root


class Sites(NamedTuple):
    """The site with payloads, of what was taken, and the same with plain words."""

    plan: build.Plan
    folder: Path
    taken: list[Entry]
    plain_plan: build.Plan
    plain_folder: Path


def sites(folder: Path, tried: Sequence[Entry]) -> Sites:
    """Both sites. What validation refuses names its file and its line, and is left out."""
    root = written(folder / "tried", tried)
    by_path = {each.path: each for each in tried}
    refused = set()
    for fault in build.check(root, now=NOW).errors:
        entry = by_path[fault.place.path]
        lines = entry.text().count("\n")
        assert 1 < fault.place.line <= lines, (entry, fault)
        (root / entry.path).unlink(missing_ok=True)
        refused.add(entry.path)
    taken = [each for each in tried if each.path not in refused]
    plain = write(folder / "plain", BASE | {each.path: "" for each in taken})
    for each in taken:
        (plain / each.path).write_text(each.plain(), encoding="utf-8")
    own, other = built(root, folder / "a"), built(plain, folder / "b")
    return Sites(own, folder / "a", taken, other, folder / "b")


def built(root: Path, out: Path) -> build.Plan:
    """The site of this community, with its index for searches."""
    out.mkdir()
    checked = build.without_faulty(build.check(root, now=NOW))
    plan = build.plan(checked, previous=ledger.Previous())
    publication.write(plan, out, previous=ledger.Previous(), search=True)
    return plan
