"""Where the previous ledger is found: a folder, a file, an address of the published site."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from townsquare.ledger.document import FILE, MAX_BYTES, decode, fingerprint
from townsquare.ledger.records import Beginning, Ledger, Previous
from townsquare.problems import SetupError, did_you_mean

LOST = "lost"


def load(where: str | None, *, first_publish: bool = False) -> Previous:
    """What the build grows from.

    `where` is a folder or file, an http, https or file address (of the site, or of the ledger
    itself), `lost`, or nothing for a build that remembers nothing. A ledger that cannot be read,
    is damaged or belongs to a preview is a `SetupError`; only what cannot be reached at all is
    taken for a site that was never published, and only with `first_publish`.
    """
    if where is None:
        return Previous(beginning=Beginning.FIRST if first_publish else Beginning.LOCAL)
    if where == LOST:
        return Previous(beginning=Beginning.LOST)
    try:
        content = _read(where)
    except (OSError, ValueError) as error:
        if first_publish:
            return Previous(beginning=Beginning.FIRST)
        raise SetupError(_unreachable(where, error)) from None
    return grown_from(content, where)


def grown_from(content: bytes, where: str) -> Previous:
    """What a build grows from whose previous ledger is this; SetupError where it is none."""
    ledger = decode(content, where=where)
    if ledger.preview:
        message = f"the ledger at {where} belongs to a preview, which no reader holds"
        raise SetupError(f"{message}; give the published site")
    return Previous(ledger, fingerprint(content))


def forgotten(previous: Previous, names: Iterable[str]) -> Previous:
    """The previous ledger without every trace of these keys and addresses, to erase a person.

    Their files must be gone first. An id that is forgotten begins anew if it is ever used again.
    """
    ledger = previous.ledger
    for name in names:
        ledger = _without(ledger, name)
    return replace(previous, ledger=ledger)


def _without(ledger: Ledger | None, name: str) -> Ledger:
    if ledger is None or (name not in ledger.entries and name not in ledger.machines):
        known = [*ledger.entries, *ledger.machines] if ledger else []
        hint = did_you_mean(name, known) or "names stand in ledger.json as `key` and `address`"
        raise SetupError(f"the ledger does not hold `{name}`; {hint.strip()}")
    return replace(
        ledger,
        entries={key: known for key, known in ledger.entries.items() if key != name},
        components={key: known for key, known in ledger.components.items() if known.entry != name},
        machines={address: title for address, title in ledger.machines.items() if address != name},
    )


def _unreachable(where: str, error: Exception) -> str:
    reason = str(error) or type(error).__name__
    return (
        f"the previous ledger at {where} cannot be reached: {reason}; "
        "check the address, or say `--first-publish` if the site was never published"
    )


def _read(where: str) -> bytes:
    scheme = urlsplit(where).scheme
    if scheme in ("http", "https"):
        # urllib and ssl take longer to import than most builds take to read a file.
        from townsquare.remote import fetched

        return fetched(_ledger_at(where), MAX_BYTES)
    path = _path_of(where) if scheme == "file" else Path(where)
    if path.is_dir():
        path /= FILE
    if path.stat().st_size > MAX_BYTES:
        raise SetupError(f"the previous ledger at {where} is larger than {MAX_BYTES} bytes")
    return path.read_bytes()


def _ledger_at(address: str) -> str:
    """The address of the ledger itself, from that of its site or its own."""
    parts = urlsplit(address)
    if parts.path.endswith(".json"):
        return address
    return parts._replace(path=parts.path.rstrip("/") + "/" + FILE).geturl()


def _path_of(address: str) -> Path:
    from urllib.request import url2pathname

    return Path(url2pathname(urlsplit(address).path))
