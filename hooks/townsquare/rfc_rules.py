"""Recurrence rules as calendars write them (RFC 5545 §3.3.10): `FREQ=MONTHLY;BYDAY=-1FR`.

Daily or coarser, with bounded interval and count, and without what engines take in different ways.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from typing import Any, NamedTuple, NoReturn

from townsquare import times
from townsquare.notations import shown
from townsquare.problems import Fault
from townsquare.rules import DAYS, FREQUENCIES, MAX_COUNT, MAX_INTERVAL, Rule, Weekday

WORDS_HINT = "write it as in `{every: month, on: second tuesday}` or as an RFC 5545 rule"
_WEEKDAY = r"([+-]?[0-9]{1,2})?(MO|TU|WE|TH|FR|SA|SU)"
_MOMENT = r"([0-9]{4})([0-9]{2})([0-9]{2})(?:T([0-9]{2})([0-9]{2})([0-9]{2})(Z?))?"


def parse_rule(text: str) -> Rule:
    """An RFC 5545 rule: `FREQ=MONTHLY;BYDAY=-1FR`."""
    line = text.strip().upper().removeprefix("RRULE:")
    if "=" not in line:
        raise Fault("repeat_invalid", f"{shown(line.lower())} is not a rule", WORDS_HINT)
    parts: dict[str, str] = {}
    for part in line.rstrip(";").split(";")[:20]:
        name, _, value = part.partition("=")
        if name in parts:
            raise Fault("repeat_invalid", f"the rule has {name} twice", "keep one of the two")
        parts[name] = value
    frequency = parts.pop("FREQ", "")
    if frequency not in FREQUENCIES:
        hint = "begin with FREQ=DAILY, WEEKLY, MONTHLY or YEARLY"
        raise Fault("repeat_invalid", "the rule is not daily or coarser", hint)
    week_start = parts.pop("WKST", "MO")
    rule = Rule(frequency, **{_field(name): _value(name, text) for name, text in parts.items()})
    _check_parts(rule, week_start)
    return rule


def _field(name: str) -> str:
    try:
        return PARTS[name].field
    except KeyError:
        hint = f"rules are made of FREQ, {', '.join(PARTS)} here"
        raise Fault("repeat_invalid", f"`{name[:20]}` cannot stand in a rule", hint) from None


def _value(name: str, text: str) -> Any:
    part = PARTS[name]
    try:
        if name == "UNTIL":
            return _until(text)
        if name == "BYDAY":
            return tuple(dict.fromkeys(_weekday(each) for each in text.split(",")))
        numbers = [int(each) for each in text.split(",") if re.fullmatch(r"[+-]?[0-9]{1,4}", each)]
        if len(numbers) != text.count(",") + 1 or not all(
            part.low <= abs(n) <= part.high for n in numbers
        ):
            raise ValueError
        if part.single:
            (number,) = numbers
            return number if number > 0 else _refuse(name, text)
        return tuple(sorted(set(numbers), key=lambda n: (n < 0, n)))
    except (ValueError, OverflowError):
        _refuse(name, text)


def _refuse(name: str, text: str) -> NoReturn:
    part = PARTS[name]
    hint = f"{name} is {part.form}" if part.form else f"{name} is from {part.low} to {part.high}"
    raise Fault("repeat_invalid", f"`{name}={text[:40]}` is not right", hint)


class _Part(NamedTuple):
    field: str
    low: int = 1
    high: int = 0
    single: bool = False
    form: str = ""


PARTS = {
    "INTERVAL": _Part("interval", high=MAX_INTERVAL, single=True),
    "COUNT": _Part("count", high=MAX_COUNT, single=True),
    "UNTIL": _Part("until", form="as in UNTIL=20261217"),
    "BYMONTH": _Part("months", high=12),
    "BYMONTHDAY": _Part("month_days", high=31),
    "BYDAY": _Part("weekdays", form="as in BYDAY=MO,TH or BYDAY=2TU"),
    "BYSETPOS": _Part("positions", high=31),
}


def _weekday(text: str) -> Weekday:
    found = re.fullmatch(_WEEKDAY, text)
    nth = int(found[1] or 0) if found else 0
    if not found or abs(nth) > 5 or found[1] == "0":
        raise ValueError(text)
    return Weekday(nth, DAYS.index(found[2]))


def _until(text: str) -> date | datetime:
    found = re.fullmatch(_MOMENT, text)
    if not found:
        raise ValueError(text)
    day = times.parse_day(f"{found[1]}-{found[2]}-{found[3]}")
    if found[4] is None:
        return day
    moment = datetime.combine(day, time(int(found[4]), int(found[5]), int(found[6])))
    return moment.replace(tzinfo=UTC) if found[7] else moment


def _check_parts(rule: Rule, week_start: str) -> None:
    """Raise Fault for what RFC 5545 forbids, and for what it leaves to the engine."""
    numbered = any(d.nth for d in rule.weekdays)
    plain = any(not d.nth for d in rule.weekdays)
    wrong = (
        ("COUNT and UNTIL contradict each other", rule.count and rule.until),
        # dateutil asks for both at once, where RFC 5545 takes either.
        ("BYDAY has numbered days beside plain ones", numbered and plain),
        ("BYMONTHDAY is not for weekly rules", rule.frequency == "WEEKLY" and rule.month_days),
        ("numbers in BYDAY are for monthly and yearly rules", numbered and _short(rule)),
        ("BYSETPOS is for monthly and yearly rules", rule.positions and _short(rule)),
        ("a yearly BYDAY with a number needs BYMONTH", _of_year(rule) and numbered),
        ("a yearly BYSETPOS needs one BYMONTH", rule.positions and _of_year(rule, most=1)),
        ("weeks begin on Monday: WKST=MO", week_start != "MO" and rule.frequency == "WEEKLY"
            and rule.interval > 1),
    )  # fmt: skip
    for message, applies in wrong:
        if applies:
            raise Fault("repeat_invalid", message, "change the rule; " + WORDS_HINT)


def _short(rule: Rule) -> bool:
    return rule.frequency in ("DAILY", "WEEKLY")


def _of_year(rule: Rule, most: int = 12) -> bool:
    return rule.frequency == "YEARLY" and not 1 <= len(rule.months) <= most
