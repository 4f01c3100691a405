"""The podcast as a community describes it in its settings, in the words of podcast directories."""

import re
from typing import Annotated

from townsquare import texts
from townsquare.fields import Doc, Parsed, record
from townsquare.model import Contact, Flag, Line, Text
from townsquare.notations import shown
from townsquare.problems import Fault, did_you_mean

COVERS = ("content/podcast.jpg", "content/podcast.png")
"""The podcast's picture: square, 1400 to 3000 pixels, JPEG or PNG (Apple's requirements)."""

PART_OF = " > "
# https://podcasters.apple.com/support/1691-apple-podcasts-categories, as of 2026.
_LISTED = {
    "Arts": "Books, Design, Fashion & Beauty, Food, Performing Arts, Visual Arts",
    "Business": "Careers, Entrepreneurship, Investing, Management, Marketing, Non-Profit",
    "Comedy": "Comedy Interviews, Improv, Stand-Up",
    "Education": "Courses, How To, Language Learning, Self-Improvement",
    "Fiction": "Comedy Fiction, Drama, Science Fiction",
    "Government": "",
    "Health & Fitness": "Alternative Health, Fitness, Medicine, Mental Health, Nutrition, "
    "Sexuality",
    "History": "",
    "Kids & Family": "Education for Kids, Parenting, Pets & Animals, Stories for Kids",
    "Leisure": "Animation & Manga, Automotive, Aviation, Crafts, Games, Hobbies, Home & Garden, "
    "Video Games",
    "Music": "Music Commentary, Music History, Music Interviews",
    "News": "Business News, Daily News, Entertainment News, News Commentary, Politics, "
    "Sports News, Tech News",
    "Religion & Spirituality": "Buddhism, Christianity, Hinduism, Islam, Judaism, Religion, "
    "Spirituality",
    "Science": "Astronomy, Chemistry, Earth Sciences, Life Sciences, Mathematics, "
    "Natural Sciences, Nature, Physics, Social Sciences",
    "Society & Culture": "Documentary, Personal Journals, Philosophy, Places & Travel, "
    "Relationships",
    "Sports": "Baseball, Basketball, Cricket, Fantasy Sports, Football, Golf, Hockey, Rugby, "
    "Running, Soccer, Swimming, Tennis, Volleyball, Wilderness, Wrestling",
    "Technology": "",
    "True Crime": "",
    "TV & Film": "After Shows, Film History, Film Interviews, Film Reviews, TV Reviews",
}
CATEGORIES = frozenset(_LISTED) | {
    f"{whole}{PART_OF}{part}"
    for whole, parts in _LISTED.items()
    for part in parts.split(", ")
    if part
}


def parse_category(text: str) -> str:
    """One of Apple's categories, or a part of one: `Society & Culture > Documentary`."""
    line = re.sub(" *> *", PART_OF, texts.parse_line(text))
    known = {each.casefold(): each for each in CATEGORIES}
    if line.casefold() not in known:
        hint = did_you_mean(line, CATEGORIES) or "write it as in `Society & Culture > Documentary`"
        raise Fault("value_not_listed", f"no category is called {shown(line)}", hint.strip())
    return known[line.casefold()]


def parse_guid(text: str) -> str:
    """A UUID, as the podcast's former home wrote it into `podcast:guid`."""
    from uuid import UUID  # it asks for the platform, 5 ms

    line = texts.parse_line(text)
    try:
        return str(UUID(line))
    except ValueError:
        hint = "copy what stands in `podcast:guid` of the former feed"
        raise Fault("value_invalid", f"{shown(line)} is no UUID", hint) from None


@record
class Podcast:
    """How directories list the podcast. Its picture is content/podcast.png or `.jpg`."""

    title: Annotated[Line | None, Doc("If not the site's own name.", "Twelve minutes")] = None
    description: Annotated[Text | None, Doc("What it is about, if not as the site.")] = None
    author: Annotated[Line | None, Doc("Who makes it, if not the site's author.")] = None
    category: Annotated[
        str,
        Parsed(parse_category, format="a category of Apple's"),
        Doc("Where directories put it.", "Society & Culture > Relationships"),
    ] = "Society & Culture"
    explicit: Annotated[Flag, Doc("Whether it is not for children.", "no")] = False
    owner: Annotated[
        Contact | None,
        Doc("A role's address, by which a move is confirmed.", "mailto:desk@example.org"),
    ] = None
    locked: Annotated[Flag, Doc("Whether no other platform may take it over.", "yes")] = False
    guid: Annotated[
        str | None,
        Parsed(parse_guid, format="uuid"),
        Doc("Who it is for ever, if it had a home before.", "917393e3-1b1e-5cef-ace4-edaa54e1f810"),
    ] = None
