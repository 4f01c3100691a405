"""YAML without a fault or an oddity → values, in half the time that a `Reader` takes.

What a `Reader` would refuse or say more of is not judged here: it is asked then.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import yaml

from townsquare.yaml_reader import HIDDEN, LOADER, MAX_ITEMS, scalar

_Following = Callable[[], Any]


class _OddError(Exception):
    """The text holds what only a `Reader` can judge."""


def fields(text: str, depth: int) -> dict[str, Any] | None:
    """The fields that a `Reader` would read, without their places; nothing where it must be asked.

    It takes half of a reader's time, and most files have no fault whose place is wanted.
    """
    if HIDDEN.search(text):
        return None
    try:
        following: _Following = LOADER(text).get_event
        following()
        if isinstance(following(), yaml.StreamEndEvent):
            return {}
        value = _plain_value(following(), following, depth)
        following()
        is_whole = isinstance(value, dict) and isinstance(following(), yaml.StreamEndEvent)
    except (yaml.YAMLError, UnicodeEncodeError, _OddError):
        return None
    return cast("dict[str, Any]", value) if is_whole else None


def _plain_value(event: Any, following: _Following, depth: int) -> Any:
    if event.anchor or event.tag:
        raise _OddError
    if isinstance(event, yaml.ScalarEvent):
        return scalar(event)
    if not depth:
        raise _OddError
    if isinstance(event, yaml.SequenceStartEvent):
        return _plain_list(following, depth - 1)
    return _plain_mapping(following, depth - 1)


def _plain_list(following: _Following, depth: int) -> list[Any]:
    items: list[Any] = []
    while not isinstance(event := following(), yaml.SequenceEndEvent):
        if len(items) == MAX_ITEMS:
            raise _OddError
        value = _plain_value(event, following, depth)
        if value is not None:
            items.append(value)
    return items


def _plain_mapping(following: _Following, depth: int) -> dict[str, Any]:
    values: dict[str, Any] = {}
    names: set[str] = set()
    while not isinstance(event := following(), yaml.MappingEndEvent):
        if not isinstance(event, yaml.ScalarEvent) or event.anchor or event.tag:
            raise _OddError
        name: str = event.value
        if name in names or name == "<<" or len(names) == MAX_ITEMS:
            raise _OddError
        names.add(name)
        value = _plain_value(following(), following, depth)
        if value is not None:
            values[name] = value
    return values
