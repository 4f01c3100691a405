"""What happened in a period and what comes next, as something to send: the community's digest.

Dates alone decide what belongs to a period; `now` only decides what readers may see at all. Who is
hidden or asked not to be listed is never named, but where they signed their own text.
"""

from __future__ import annotations

from datetime import date

from townsquare.community import Community
from townsquare.digest import events, news, people
from townsquare.digest.records import Digest, Period
from townsquare.digest.written import FORMS, written

__all__ = ["FORMS", "Digest", "Period", "gathered", "written"]


def gathered(community: Community, since: date, until: date) -> Digest:
    """The digest of the days from `since` to the one before `until`, in the site's zone.

    Coming events are those of as many days from `until` on. Sections without items are left out.
    """
    settings = community.settings
    period = Period(since, until, settings.timezone)
    sections = (
        news.posts(community, period),
        events.coming(community, period),
        news.guidelines(community, period),
        people.joined(community, period),
        people.newcomers(community, period),
        people.thresholds(community, period),
        people.thanks(community, period),
    )
    return Digest(
        site=settings.site_name,
        home=settings.absolute(""),
        subscribe=settings.absolute("subscribe/"),
        language=settings.language,
        period=period,
        sections=tuple(section for section in sections if section.items),
    )
