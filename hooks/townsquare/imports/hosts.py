"""Which machines may be asked: those that everybody's network leads to, and no others."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from threading import Thread

from townsquare.imports import SourceFailed

_NAT64 = IPv6Network("64:ff9b::/96")
"""RFC 6052 §2.1: the last 32 bits are the IPv4 address that is reached."""


def is_public(address: str) -> bool:
    """Whether the address is global by IANA's special-purpose registries (RFC 6890) and unicast.

    An IPv6 address that carries an IPv4 address counts as that one.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return False
    carried = _carried(found) if isinstance(found, IPv6Address) else None
    if carried is not None:
        return is_public(str(carried))
    local = isinstance(found, IPv6Address) and found.is_site_local
    return found.is_global and not (found.is_multicast or found.is_reserved or local)


def _carried(address: IPv6Address) -> IPv4Address | None:
    if address.teredo:
        return address.teredo[1]
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour


def resolved(host: str, port: int, seconds: float) -> Sequence[str]:
    """The addresses of the host, in the system's order, each once; SourceFailed where it has none.

    The system's own look-up cannot be given a time limit: it runs in a thread that is left behind.
    """
    found: list[str] = []
    failed: list[OSError] = []

    def look_up() -> None:
        try:
            answers = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            found.extend(dict.fromkeys(str(answer[4][0]) for answer in answers))
        except (OSError, UnicodeError) as error:
            failed.append(OSError(str(error)))

    looking = Thread(target=look_up, daemon=True)
    looking.start()
    looking.join(seconds)
    if looking.is_alive():
        raise SourceFailed(f"the name `{host}` was not found within {seconds:.0f} seconds")
    if failed or not found:
        raise SourceFailed(f"no machine is called `{host}`")
    return found
