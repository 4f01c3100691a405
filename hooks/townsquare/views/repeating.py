"""A recurrence rule in a reader's words: `every month on the third Thursday`."""

from __future__ import annotations

from datetime import date

from townsquare.rules import Rule, Weekday
from townsquare.wordbook import _, counted, day, joined, month_name, weekday_name

_UNITS = {
    "DAILY": ("every day", "every %(num)d days"),
    "WEEKLY": ("every week", "every %(num)d weeks"),
    "MONTHLY": ("every month", "every %(num)d months"),
    "YEARLY": ("every year", "every %(num)d years"),
}
_WORKING_DAYS = tuple(Weekday(0, number) for number in range(5))


def in_words(rule: Rule) -> str:
    """How often, on which days, and until when, in a sentence without its full stop."""
    often = counted(*_UNITS[rule.frequency], rule.interval)
    parts = (often, _on(rule), _months(rule), _end(rule))
    text = " ".join(part for part in parts if part)
    return text[:1].upper() + text[1:]


def _on(rule: Rule) -> str:
    if rule.weekdays:
        names = [_named(each, rule.positions) for each in _grouped(rule)]
        return _("on %(days)s") % {"days": joined(names)}
    if rule.month_days and rule.frequency != "DAILY":
        numbers = [_month_day(number) for number in rule.month_days]
        return _("on %(days)s") % {"days": joined(numbers)}
    return ""


def _grouped(rule: Rule) -> list[Weekday | None]:
    """The days that are named; none stands for all working days together."""
    return [None] if rule.weekdays == _WORKING_DAYS else list(rule.weekdays)


def _named(each: Weekday | None, positions: tuple[int, ...]) -> str:
    name = weekday_name(each.day) if each else _("working day")
    places = (each.nth,) if each and each.nth else positions
    if not places:
        return name if each else _("working days")
    return _("the %(place)s %(day)s") % {"place": joined([_place(n) for n in places]), "day": name}


def _place(number: int) -> str:
    known = {
        1: _("first"), 2: _("second"), 3: _("third"), 4: _("fourth"), 5: _("fifth"),
        -1: _("last"), -2: _("last but one"),
    }  # fmt: skip
    return known.get(number, f"{number}.")


def _month_day(number: int) -> str:
    if number == -1:
        return _("the last day")
    if number < 0:
        return _("the last day but %(number)d") % {"number": -number - 1}
    return _("day %(number)d") % {"number": number}


def _months(rule: Rule) -> str:
    if not rule.months:
        return ""
    return _("in %(months)s") % {"months": joined([month_name(number) for number in rule.months])}


def _end(rule: Rule) -> str:
    if rule.count:
        return counted("once", "%(num)d times", rule.count)
    last: date | None = rule.until
    return _("until %(day)s") % {"day": day(last)} if last else ""
