"""Our style sheet and small scripts, published under names that change with their content."""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

FOLDER = Path(__file__).parent / "assets"


@cache
def _published() -> dict[str, tuple[str, bytes]]:
    found: dict[str, tuple[str, bytes]] = {}
    for file in sorted(FOLDER.iterdir()):
        content = file.read_bytes()
        name = f"{file.stem}.{sha256(content).hexdigest()[:8]}{file.suffix}"
        found[file.name] = (f"assets/townsquare/{name}", content)
    return found


def files() -> dict[str, bytes]:
    """Every asset's content by its path from the site's root."""
    return dict(_published().values())


def addresses() -> dict[str, str]:
    """Where each asset is published, by its name here: `townsquare.css` → `assets/…`."""
    return {name: address for name, (address, _) in _published().items()}
