"""Access logs of known truth: requests are made first, then written and counted by hand.

Nothing here knows the package: agents are of people, crawlers or services because we say so.
"""

from __future__ import annotations

import json
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from urllib.parse import quote

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
FIRST = datetime(2026, 11, 1, tzinfo=UTC)

PEOPLE = [
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko)",
    r"Mozilla/5.0 (Windows NT 10.0; \"odd\"; Win64) Firefox/127.0",
]
CRAWLERS = [
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
    "curl/8.5.0",
    "-",
]
# Services and how many each says it reads for; the number changes during a day.
SERVICES = {
    "Feedly/1.0 (+http://www.feedly.com/fetcher.html; {} subscribers; like FeedFetcher-Google)": 12,
    "Feedbin feed-id:{}77 - 3 subscribers": 3,
    "NewsBlur Feed Fetcher - {} subscribers - http://www.newsblur.com": 40,
}
READER_APPS = [
    "Miniflux/2.1.3 (+https://miniflux.app)",
    "FreshRSS/1.24.1 (Linux; +https://freshrss.org)",
]
CALENDAR_APPS = ["iOS/17.5 (21F79) dataaccessd/1.0", "Mozilla/5.0 Thunderbird/115.11.0 Lightning"]

PAGES = ["/", "/blog/", "/blog/hello/", "/events/may-call/", "/guidelines/conduct.html"]
FEEDS = ["/rss.xml", "/atom.xml", "/feed.json", "/feeds/tags/python.xml"]
CALENDARS = ["/events.ics", "/calendars/series/calls.ics"]
ADDRESSES = {"pages": PAGES, "feeds": FEEDS, "calendars": CALENDARS}
OTHERS = ["/assets/site.css", "/sitemap.xml", "/api/posts.json", "/logo.png"]
REFERRERS = {
    "https://news.example.org/item?id=1": "news.example.org",
    "http://Search.Example.net:8080/": "search.example.net",
    "https://our.example/blog/": "",  # our own site
    "https://192.0.2.7/": "",  # an address is nobody's name
    "android-app://com.example": "",
    "-": "",
    "": "",
}
OWN = ["our.example", "www.our.example"]


class Request(NamedTuple):
    """One request, and what it is in truth: `kind` is empty where nothing is to be counted."""

    time: datetime
    address: str
    method: str
    target: str
    status: int
    referrer: str
    agent: str
    kind: str = ""
    service: str = ""
    declared: int = 0

    @property
    def name(self) -> str:
        return self.target.partition("?")[0].partition("#")[0]

    @property
    def reader(self) -> tuple[str, str]:
        return self.address, self.agent


def requests(count: int, seed: int = 1, *, days: int = 20, readers: int = 40) -> list[Request]:
    """That many requests in the order of time."""
    pick = random.Random(seed)
    step = timedelta(days=days) / max(count, 1)
    return [_request(pick, FIRST + step * number, readers) for number in range(count)]


def _request(pick: random.Random, time: datetime, readers: int) -> Request:
    time = time.replace(microsecond=0)
    address = f"198.51.{pick.randrange(4)}.{pick.randrange(readers)}"
    method = pick.choice(["GET"] * 9 + ["HEAD", "POST"])
    status = pick.choice([200] * 8 + [304, 301, 404, 206, 500])
    counts = method == "GET" and status in (200, 304)
    referrer = pick.choice(list(REFERRERS))
    group = pick.choice(["pages"] * 4 + ["feeds", "feeds", "calendars", "others"])
    target = pick.choice(ADDRESSES.get(group, OTHERS))
    target += pick.choice(["", "", "", "?utm_source=x&y=1"])
    agent, service, declared = _agent(pick, group)
    human = agent not in CRAWLERS
    app = service or agent in READER_APPS
    told = counts and human and group in ADDRESSES and not (group == "pages" and app)
    kind = group if told else ""
    return Request(time, address, method, target, status, referrer, agent, kind, service, declared)


def _agent(pick: random.Random, group: str) -> tuple[str, str, int]:
    roll = pick.random()
    if roll < 0.2:
        return pick.choice(CRAWLERS), "", 0
    if roll < 0.3 or (group == "feeds" and roll < 0.6):
        service, most = pick.choice(list(SERVICES.items()))
        declared = most - pick.randrange(3) if service.count("3 subscribers") == 0 else 3
        return service.format(declared), service, declared
    apps = {"feeds": READER_APPS, "calendars": CALENDAR_APPS}.get(group, PEOPLE)
    return pick.choice(apps if roll < 0.8 else PEOPLE), "", 0


Truth = dict[tuple[date, str, str], int | str]


def truth(requests: Iterable[Request], *, least: int = 5) -> Truth:
    """The figures of these requests, counted by hand: by day, measure and name."""
    fetches, referred = Counter[tuple[date, str, str]](), Counter[tuple[date, str]]()
    behind: dict[tuple[date, str, str], set[tuple[str, str]]] = defaultdict(set)
    services: dict[tuple[date, str], dict[str, int]] = defaultdict(dict)
    for each in requests:
        if not each.kind:
            continue
        day = each.time.astimezone(UTC).date()
        fetches[day, each.kind, ""] += 1
        fetches[day, each.kind, each.name] += 1
        if each.service:
            said = services[day, each.name]
            said[each.service] = max(said.get(each.service, 0), each.declared)
        else:
            behind[day, each.kind, each.name].add(each.reader)
        host = REFERRERS[each.referrer] if each.kind == "pages" else ""
        if host:
            referred[day, host] += 1
            behind[day, "referrers", host].add(each.reader)
    found: Truth = {}
    for (day, kind, name), count in fetches.items():
        people = len(behind[day, kind, name])
        if kind != "pages" and name:
            people += sum(services[day, name].values())
            found[day, "subscribers", name] = people if people >= least else "<5"
        if not name or people >= least:
            found[day, kind, name] = count
    for (day, host), count in referred.items():
        if len(behind[day, "referrers", host]) >= least:
            found[day, "referrers", host] = count
    return found


def combined(each: Request) -> str:
    return f'{_common(each)} "{each.referrer}" "{each.agent}"'


def _common(each: Request) -> str:
    zone = each.time.hour % 3 - 1  # the same instants in three zones
    local = each.time + timedelta(hours=zone)
    when = f"{local:%d/%b/%Y:%H:%M:%S} {zone:+03d}00"
    line = f"{each.method} {each.target} HTTP/1.1"
    return f'{each.address} - - [{when}] "{line}" {each.status} 512'


def common(each: Request) -> str:
    return _common(each)


def caddy(each: Request) -> str:
    agent = each.agent.replace('\\"', '"')
    headers = {"User-Agent": [agent], "Referer": [each.referrer]}
    request = {"remote_ip": each.address, "method": each.method, "uri": each.target}
    line = {"level": "info", "ts": each.time.timestamp() + 0.25, "status": each.status}
    return json.dumps({**line, "request": {**request, "headers": headers}})


CLOUDFRONT_HEAD = (
    "#Version: 1.0\n#Fields: date time x-edge-location sc-bytes c-ip cs-method cs(Host) "
    "cs-uri-stem sc-status cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie)\n"
)


def cloudfront(each: Request) -> str:
    agent = quote(quote(each.agent.replace('\\"', '"'), safe="/:;,()+"), safe="/:;,()+%25")
    path, _, query = each.target.partition("?")
    cells = [f"{each.time:%Y-%m-%d}", f"{each.time:%H:%M:%S}", "FRA2-C1", "512", each.address]
    cells += [each.method, "d1.cloudfront.net", path, str(each.status), each.referrer or "-"]
    return "\t".join([*cells, agent, query or "-", "-"])


FORMATS: dict[str, tuple[str, Callable[[Request], str]]] = {
    "combined": ("", combined),
    "cloudfront": (CLOUDFRONT_HEAD, cloudfront),
    "caddy": ("", caddy),
}


def log(requests: Iterable[Request], form: str = "combined") -> bytes:
    """The requests as a log."""
    head, line = FORMATS[form]
    return (head + "".join(f"{line(each)}\n" for each in requests)).encode()
