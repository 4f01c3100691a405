"""Git, asked through its own command. Nothing is ever written to a repository."""

from __future__ import annotations

import os
from pathlib import Path

from townsquare.problems import SetupError

SECONDS = 60


def ask(folder: Path, *arguments: str, given: bytes = b"") -> bytes:
    """What git answers in this folder, `given` this to read; SetupError where it refuses.

    Variables of a git that called us, as in a hook, would name another repository: they are unset.
    """
    import subprocess

    environment = {k: v for k, v in os.environ.items() if not k.startswith("GIT_")}
    # A file by which somebody may give commits other parents than they have.
    environment["GIT_GRAFT_FILE"] = os.devnull
    command = ["git", "-C", str(folder), *arguments]
    try:
        done = subprocess.run(  # noqa: S603 (no shell, and options end before what users typed)
            command,
            input=given,
            capture_output=True,
            check=False,
            timeout=SECONDS,
            env=environment,
        )
    except FileNotFoundError as error:
        raise SetupError("git was not found") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise SetupError(f"git does not answer: {error}") from error
    if done.returncode:
        raise SetupError(f"git refuses: {done.stderr.decode('utf-8', 'replace').strip()}")
    return done.stdout
