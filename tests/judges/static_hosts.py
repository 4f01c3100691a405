"""Asks the code that Netlify and Cloudflare Pages publish what they make of a folder."""

import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from judges import installed


def cloudflare(folder: Path, paths: Iterable[str]) -> Any:
    """`answers` by path: status, and headers in lower case, which are joined where they repeat.

    `refused` is what the parsers leave out, `rules` how many of headers and redirects they took.
    The type that the host itself would tell is `text/x-what-the-host-thinks`.
    """
    modules = installed.npm_package("@cloudflare/pages-shared").parents[1]
    bundle = installed.CACHE / "cloudflare.mjs"
    line = [str(modules / ".bin" / "esbuild"), "--bundle", "--platform=node", "--format=esm"]
    source = installed.CACHE / "cloudflare.ts"
    source.write_bytes((installed.LISTED / "cloudflare.ts").read_bytes())
    made = subprocess.run(
        [*line, str(source), f"--outfile={bundle}"], capture_output=True, check=False
    )
    if made.returncode:
        raise RuntimeError(made.stderr.decode(errors="replace"))
    return installed.answered(bundle, {"folder": str(folder), "paths": list(paths)})


def netlify(folder: Path, paths: Iterable[str]) -> Any:
    """`answers` by path: the headers of every rule that meets it; `redirects`; `refused`."""
    modules = installed.npm_package("@netlify/headers-parser").parents[1]
    question = {"folder": str(folder), "paths": list(paths), "modules": str(modules)}
    return installed.answered(installed.LISTED / "netlify.mjs", question)
