"""JSON Schemas of reports' files, from the named tuples of which their figures are made."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from townsquare.figures import (
    community_report,
    platform,
    readers_report,
    response_report,
)
from townsquare.figures.platform import Platform
from townsquare.figures.shapes import Report

Schema = dict[str, Any]
FILES: dict[str, type[Any]] = {
    community_report.SCHEMA: Report,
    readers_report.SCHEMA: Report,
    response_report.SCHEMA: Report,
    platform.SCHEMA: Platform,
}
"""What each schema's file holds, by the schema's address."""
_PLAIN = {str: "string", int: "integer", float: "number", bool: "boolean", NoneType: "null"}


def made() -> dict[str, Callable[[], Schema]]:
    """What makes each schema, by its address."""
    return {address: partial(of_file, cls) for address, cls in FILES.items()}


def of_file(cls: type[Any]) -> Schema:
    """The schema of a file that holds this named tuple, and says where its schema stands."""
    shape = of_type(cls)
    address = {"type": "string", "format": "uri"}
    properties = {"schema": address, **shape["properties"]}
    return shape | {"properties": properties, "required": sorted(properties)}


def of_type(given: Any) -> Schema:
    """The schema of a value of this type: plain, a tuple of one or several types, or named."""
    if given in _PLAIN:
        return {"type": _PLAIN[given]}
    if get_origin(given) is tuple:
        first, *rest = get_args(given)
        if rest == [...]:
            return {"type": "array", "items": of_type(first)}
        items = [of_type(each) for each in (first, *rest)]
        exactly = {"minItems": len(items), "maxItems": len(items)}
        return {"type": "array", "prefixItems": items, **exactly}
    if isinstance(given, UnionType):
        return {"type": [of_type(each)["type"] for each in get_args(given)]}
    properties = {name: of_type(each) for name, each in get_type_hints(given).items()}
    said = " ".join((given.__doc__ or "").split())
    return {
        "type": "object",
        "description": said,
        "properties": properties,
        "required": sorted(properties),
        "additionalProperties": False,
    }
