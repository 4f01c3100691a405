"""Runs the tests, then the static checks; says at the end what was left out.

Started by `scripts/test.py` inside `.venv`. Arguments go to pytest; with any but `--full` only
pytest runs, so that one test can be tried quickly.
"""

import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


class LeftOut:
    """Counts, by reason, what did not run."""

    def __init__(self) -> None:
        self.reasons: Counter[str] = Counter()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note why a test was skipped."""
        if report.skipped and isinstance(report.longrepr, tuple):
            self.reasons[report.longrepr[2].removeprefix("Skipped: ")] += 1


def main(arguments: list[str]) -> int:
    """0 where all that ran passed; what failed and what could not run is listed last."""
    left_out = LeftOut()
    settings = ["--rootdir", str(ROOT), "-c", str(ROOT / "pyproject.toml")]
    if not set(arguments) - {"--full"}:
        # Three files at a time: many tests wait for a browser, a server or a disk half of it.
        settings += ["-n", "3", "--dist", "loadfile", "--no-loadscope-reorder"]
    failed = ["pytest"] if pytest.main([*settings, *arguments], plugins=[left_out]) else []
    if not set(arguments) - {"--full"}:
        checks = _static_checks(left_out)
        failed += [name for name, line in checks.items() if not _passes(name, line)]
    for reason, count in sorted(left_out.reasons.items()):
        print(f"Left out: {reason} ({count} {'check' if count == 1 else 'checks'})")
    print(f"Failed: {', '.join(failed)}" if failed else "Nothing failed.")
    return int(bool(failed))


def _static_checks(left_out: LeftOut) -> dict[str, list[str]]:
    ruff = [sys.executable, "-I", "-m", "ruff"]
    checks = {"ruff check": [*ruff, "check", "."], "ruff format": [*ruff, "format", "--check", "."]}
    node = shutil.which("node") or shutil.which("nodejs")
    if node is None:
        left_out.reasons["no node: pyright did not check the package's types"] += 1
        return checks
    sys.path.insert(0, str(ROOT / "tests"))
    from judges.installed import npm_package

    # Named, since pyright prefers a pyrightconfig.json in any folder above to our own settings.
    pyright = [node, str(npm_package("pyright") / "index.js"), "--project", str(ROOT)]
    return {**checks, "pyright": [*pyright, "--warnings"]}


def _passes(name: str, line: list[str]) -> bool:
    print(f"\n{name}:", flush=True)
    passed = subprocess.run(line, cwd=ROOT, check=False).returncode == 0
    print(f"{name}: {'passed' if passed else 'FAILED'}", flush=True)
    return passed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
