"""Small communities for tests: files written below a folder."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from textwrap import dedent

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def write(root: Path, files: dict[str, str]) -> Path:
    """The folder with these files, dedented."""
    for path, text in files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(dedent(text).lstrip("\n"), encoding="utf-8", newline="\n")
    return root
