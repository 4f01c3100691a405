"""Asks the Nu HTML checker (the W3C validator's engine) about a folder of pages."""

import json
import subprocess
from pathlib import Path

from judges import installed


def errors(folder: Path) -> list[str]:
    """`path:line:column: message` of every error in the folder's .html files; empty is valid."""
    return [text for kind, text in _messages(folder) if kind in {"error", "non-document-error"}]


def messages(folder: Path) -> list[str]:
    """`path:line:column: kind: message` of everything that it says, warnings and notes included."""
    return [text.replace(": ", f": {kind}: ", 1) for kind, text in _messages(folder)]


def _messages(folder: Path) -> list[tuple[str, str]]:
    jar = installed.npm_package("vnu-jar") / "build" / "dist" / "vnu.jar"
    options = ["--format", "json", "--exit-zero-always", "--skip-non-html"]
    done = subprocess.run(
        [installed.java(), "-Xss2m", "-jar", str(jar), *options, str(folder)],
        capture_output=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr.decode(errors="replace"))
    found = json.loads(done.stderr)["messages"]
    return sorted((m.get("subType", m["type"]), _text(m, folder)) for m in found)


def _text(message: dict[str, object], folder: Path) -> str:
    url = str(message.get("url", ""))
    path = url.removeprefix("file:").removeprefix(str(folder)).lstrip("/")
    line, column = message.get("lastLine", 0), message.get("firstColumn", 0)
    return f"{path}:{line}:{column}: {message['message']}"
