"""What forges export of issues and change requests, in one shape; machines are left out.

- `gh issue list` and `gh pr list` with `--json`, https://cli.github.com/manual/gh_issue_list
- GitHub's REST API, https://docs.github.com/en/rest/issues/issues and /pulls
- GitLab's REST API, https://docs.gitlab.com/api/issues/ and merge_requests, with `notes` added
- a GitLab project export's issues.ndjson and merge_requests.ndjson
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, cast

from townsquare.patterns import pattern
from townsquare.problems import SetupError

ISSUES, CHANGES = "issues", "changes"
_BOT = pattern(r".*\[bot\]|(project|group)_[0-9]+_bot.*|ghost-bot|app/.*", re.IGNORECASE)

Json = Mapping[str, Any]


class Item(NamedTuple):
    """An issue or a change request. `answered` is when somebody else first did, where known.

    `tells_answers` is whether the export says who commented when.
    """

    kind: str
    opened: datetime
    closed: datetime | None
    answered: datetime | None
    tells_answers: bool


def items(paths: Iterable[Path], is_bot: Callable[[str], bool]) -> list[Item]:
    """The items of all exports, each once; SetupError where a file is none."""
    found: dict[str, Item] = {}
    for path in paths:
        for number, row in enumerate(_rows(path)):
            try:
                item = _item(row, is_bot)
            except (AttributeError, KeyError, TypeError, ValueError) as error:
                raise SetupError(f"{path}: item {number + 1} cannot be read: {error!r}") from error
            name = str(row.get("html_url") or row.get("web_url") or row.get("url") or "")
            name = name or f"{path}:{number}"
            if item:
                found[name] = _both(found.get(name, item), item)
    return list(found.values())


def _both(one: Item, other: Item) -> Item:
    """What two exports tell of one item: lists of issues hold change requests, too."""
    answers = [when for when in (one.answered, other.answered) if when]
    return Item(
        CHANGES if CHANGES in (one.kind, other.kind) else ISSUES,
        one.opened,
        one.closed or other.closed,
        min(answers, default=None),
        one.tells_answers or other.tells_answers,
    )


def _rows(path: Path) -> Iterator[Json]:
    """The items of an array, or of lines that each hold one."""
    try:
        text = path.read_text("utf-8-sig")
        lines = [text] if text.lstrip().startswith("[") else text.splitlines()
        for line in lines:
            told: Any = json.loads(line) if line.strip() else []
            yield from cast("list[Json]", told if isinstance(told, list) else [told])
    except (OSError, ValueError, RecursionError) as error:
        raise SetupError(f"{path} is no export of a forge: {error}") from error


def _item(row: Json, is_bot: Callable[[str], bool]) -> Item | None:
    """The item; nothing where a machine opened it."""
    author = _login(row)
    if _is_machine(row, is_bot):
        return None
    told = [*_list(row, "comments"), *_list(row, "reviews"), *_list(row, "notes")]
    times = [
        when
        for each in told
        if _login(each) != author and not each.get("system") and not _is_machine(each, is_bot)
        if (when := _time(each, "createdAt", "created_at", "submittedAt", "submitted_at"))
    ]
    opened = _time(row, "createdAt", "created_at")
    if opened is None:
        raise ValueError("it has no createdAt or created_at")
    ended = _time(row, "closedAt", "closed_at", "mergedAt", "merged_at")
    tells = any(isinstance(row.get(name), list) for name in ("comments", "reviews", "notes"))
    return Item(
        CHANGES if _is_change(row) else ISSUES, opened, ended, min(times, default=None), tells
    )


def _is_change(row: Json) -> bool:
    marks = ("pull_request", "mergedAt", "merged_at", "headRefName", "reviews", "source_branch")
    return any(name in row for name in marks) or "/pull/" in str(row.get("url"))


def _list(row: Json, name: str) -> list[Json]:
    """What the export lists under the name; some only say how many there are."""
    return cast("list[Json]", row[name]) if isinstance(row.get(name), list) else []


def _who(row: Json) -> Json:
    who: Any = row.get("author") or row.get("user") or {}
    return cast("Json", who) if isinstance(who, dict) else {}


def _login(row: Json) -> str:
    who = _who(row)
    return str(who.get("login") or who.get("username") or row.get("author_id") or "")


def _is_machine(row: Json, is_bot: Callable[[str], bool]) -> bool:
    who, login = _who(row), _login(row)
    said = who.get("is_bot") or who.get("bot") or who.get("type") == "Bot"
    return bool(said) or _BOT.fullmatch(login) is not None or is_bot(login)


def _time(row: Json, *names: str) -> datetime | None:
    """The first of these instants that is there, UTC. gh writes year 1 for `never`."""
    for name in names:
        if text := row.get(name):
            when = datetime.fromisoformat(str(text))
            when = when if when.tzinfo else when.replace(tzinfo=UTC)
            if when.year > 1:
                return when.astimezone(UTC)
    return None
