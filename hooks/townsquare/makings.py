"""What a build can make: where an output stands, the function that makes it, and from which names.

A list of these is cheap, and says all of a site's outputs before any of them is made. Arguments are
plain names and numbers, never values that were looked up: so a making can be kept between builds,
sent to another process, and left out where nothing that it reads has changed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from importlib import import_module
from typing import Any, NamedTuple

Argument = str | int | bool | None


class Making(NamedTuple):
    """One output. `function` is `module:name` below this package; `address` is the output's own.

    The function takes the community (or the release, for what the ledger has a say in) and then
    `arguments`.
    """

    address: str
    function: str
    arguments: tuple[Argument, ...] = ()


def function_of(making: Making) -> Callable[..., Any]:
    """The function that makes the output."""
    module, _, name = making.function.partition(":")
    return getattr(import_module(f"townsquare.{module}"), name)


def made(makings: Iterable[Making], whole: Any) -> dict[str, Any]:
    """The outputs by address, each made of this community or release."""
    return {each.address: function_of(each)(whole, *each.arguments) for each in makings}
