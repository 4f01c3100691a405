"""Figures of what people read and attend: how much, how fresh, how well looked after."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from townsquare.community import Community
from townsquare.figures import freshness, happenings
from townsquare.figures.happenings import Held
from townsquare.figures.periods import Window
from townsquare.figures.shapes import Figure, Section, Tally
from townsquare.queries import query
from townsquare.wordbook import _, label


@query
def days_of_posts(community: Community) -> list[str]:
    """The day in the site's zone on which each post was published, the newest first."""
    zone = ZoneInfo(community.settings.timezone)
    return [f"{community.published(post).astimezone(zone):%Y-%m-%d}" for post in community.posts]


def posts_within(community: Community, window: Window) -> int:
    """How many posts were published in the window."""
    first, after = window.start.isoformat(), window.end.isoformat()
    return sum(first <= day < after for day in days_of_posts(community))


def texts(community: Community, year: Window) -> Section:
    """News and lasting texts."""
    posts = posts_within(community, year)
    ages = freshness.ages(community, year.end)
    at, day = _("at the end of the window"), year.label
    seen = _("days since last_verified or last_reviewed, else since the last change in git "
             "by a person, commits to more than %(bulk)d files left out")  # fmt: skip
    seen %= {"bulk": freshness.BULK}
    missing = "" if ages else _("no text says when it was reviewed, nor does git")
    due = freshness.due_reviews(community)
    late = [key for key, until in due if until is None or until < year.end]
    return Section(
        "texts",
        _("Texts"),
        (
            Figure("posts", _("Posts published"), posts, "posts",
                _("posts whose date lies in the window"), day, _("posts")),
            Figure("cadence", _("Cadence"), round(posts / 12, 1), "posts a month",
                _("posts in the window, divided by 12 months"), day, _("posts")),
            Figure("freshness", _("Freshness"), freshness.median_age(ages), "days",
                _("median over lasting texts, 0 for those touched since: %(seen)s")
                % {"seen": seen}, at, _("front matter, git"), missing),
            Figure("stale", _("Not looked at for a year"), freshness.share_old(ages), "share",
                _("lasting texts older than 365 days, divided by those whose age is known"), at,
                _("front matter, git"), missing),
            Figure("review-debt", _("Review debt"), len(late), "texts",
                _("texts with review_every whose next review was due and has not been made"),
                at, _("front matter")),
            Figure("to-review", _("Texts that are reviewed"), len(due), "texts",
                _("texts with review_every"), at, _("front matter")),
        ),
    )  # fmt: skip


def events(found: list[Held], year: Window) -> Section:
    """What took place, and who came."""
    source, day = _("events"), year.label
    nothing = _("nothing took place")
    attended, known = happenings.attendance(found), happenings.recorded(found)
    return Section(
        "events",
        _("Events"),
        (
            Figure("events-held", _("Events held"), len(found), "events",
                _("dates that are over and were neither cancelled nor postponed"), day, source),
            Figure("attendance", _("Attendance"), attended, "people",
                _("sum of attended, where it was written down"), day, source,
                "" if attended is not None else _("no event says how many came")),
            Figure("attendance-recorded", _("Attendance recorded"), known, "share",
                _("events held with attended, divided by events held"), day, source,
                "" if known is not None else nothing),
        ),
    )  # fmt: skip


def by_format(found: list[Held], year: Window) -> Tally:
    """What took place, by its format."""
    rows = tuple((label(name), count) for name, count in happenings.by_format(found).items())
    return Tally("events-by-format", _("Events by format"), "events", rows, year.label, _("events"))


def by_mode(found: list[Held], year: Window) -> Tally:
    """What took place, by how one took part."""
    rows = tuple((label(name), count) for name, count in happenings.by_mode(found).items())
    return Tally("events-by-mode", _("Events by mode"), "events", rows, year.label, _("events"))
