"""Topics: those that content/tags.yml lists, else those that entries use."""

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, cast

from townsquare import folders, source
from townsquare.fields import Doc, record
from townsquare.model import Entry, Line, Text
from townsquare.problems import Problem, problem
from townsquare.texts import spelling

FILE = "content/tags.yml"


@record
class Tag:
    """A topic. `slug` is its address and its key."""

    title: Annotated[Line, Doc("How the topic is written.", "Events")]
    description: Annotated[Text | None, Doc("What belongs to it.")] = None
    aliases: Annotated[tuple[Line, ...], Doc("Other spellings that authors may use.")] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """How authors may write it, besides its slug."""
        return self.title, *self.aliases


def read(
    root: Path, entries: Iterable[Entry[Any]], problems: list[Problem]
) -> tuple[bool, dict[str, Tag]]:
    """Whether there is a list of tags, and the tags by slug: the listed ones, else all in use."""
    if os.path.lexists(root / FILE):
        listed = _listed(root, problems)
        if listed is not None:
            return True, listed
    return False, _used(entries, problems)


def _used(entries: Iterable[Entry[Any]], problems: list[Problem]) -> dict[str, Tag]:
    used: dict[str, str] = {}
    harmless: set[str] = set()
    for entry in entries:
        for number, word in enumerate(entry.tag_words):
            if word in harmless:
                # Nearly every word is one that stood before.
                continue
            slug = spelling(word)
            known = used.setdefault(slug, word)
            if known == slug != word:
                used[slug] = word
                harmless.clear()
            if known != word and _without_case(known) != _without_case(word):
                message = f"`{word}` and `{known}` would have one address, `/tags/{slug}/`"
                hint = "spell them alike, or give each its own slug in content/tags.yml"
                problems.append(problem("tags_collide", entry.place("tags", number), message, hint))
            else:
                harmless.add(word)
    return {slug: Tag(title=title) for slug, title in sorted(used.items())}


def _without_case(word: str) -> str:
    """`code-of-conduct` and `Code of Conduct` are one word, `C` and `C++` are two."""
    return " ".join(word.casefold().replace("-", " ").replace("_", " ").split())


def _listed(root: Path, problems: list[Problem]) -> dict[str, Tag] | None:
    """The tags of content/tags.yml; nothing where the file as a whole cannot be read."""
    text, unreadable = folders.read_text(root, FILE)
    if text is None:
        problems.extend([unreadable] if unreadable else [])
        return None
    parsed, faults = source.parse_yaml(FILE, text)
    problems.extend(faults)
    if parsed is None:
        return None
    slugs = [str(loc[0]) for loc in parsed.keys if len(loc) == 1]
    tags = {slug: _listed_tag(parsed, slug, problems) for slug in slugs}
    problems.extend(_shared_words(parsed, tags))
    return tags


def _listed_tag(parsed: source.Source, slug: str, problems: list[Problem]) -> Tag:
    """The tag, with its slug for a title where it is faulty: its uses are no faults of theirs."""
    values: Any = parsed.front.get(slug)
    if spelling(slug) != slug or not isinstance(values, dict):
        message = f"`{slug}` is not a slug with fields"
        hint = f"write `{spelling(slug) or 'my-topic'}:` and below it `  title: My topic`"
        problems.append(problem("tags_file_invalid", parsed.key((slug,)), message, hint))
        return Tag(title=slug)
    # Brings pydantic, which a site without such a file may not need.
    from townsquare import validation

    tag, faults = validation.validate(Tag, parsed, cast("dict[str, Any]", values), at=(slug,))
    problems.extend(faults)
    return tag or Tag(title=slug)


def _shared_words(parsed: source.Source, tags: Mapping[str, Tag]) -> Iterator[Problem]:
    """Titles and aliases that two tags claim, so that an author's word would mean either."""
    taken = {slug: slug for slug in tags}
    for slug, tag in tags.items():
        locs = [("title",), *(("aliases", number) for number in range(len(tag.aliases)))]
        for word, loc in zip(tag.words, locs, strict=True):
            other = taken.setdefault(spelling(word), slug)
            if other != slug:
                message = f"`{word}` means the tag `{other}` already"
                place = parsed.place((slug, *loc))
                yield problem("tags_collide", place, message, "keep it in one of the two")
