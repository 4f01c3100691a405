"""Workflows are whole, pinned, and call what is there; the package is the same wherever made."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from townsquare import cli

ROOT = Path(__file__).parents[1]
GITHUB, GITLAB = ROOT / ".github", ROOT / ".gitlab-ci.yml"
WORKFLOWS = sorted(GITHUB.glob("workflows/*.yml"))
LOCKS = sorted(ROOT.glob("requirements*.lock"))


def jobs(file: Path) -> dict[str, Any]:
    return yaml.safe_load(file.read_text())["jobs"]


def steps() -> Iterator[tuple[str, dict[str, Any]]]:
    for file in WORKFLOWS:
        for name, job in jobs(file).items():
            yield from ((f"{file.name}:{name}", step) for step in job["steps"])


def commands() -> Iterator[tuple[str, str]]:
    """Each line that a workflow runs, and where it stands."""
    for where, step in steps():
        yield from ((where, line) for line in step.get("run", "").splitlines())
    for name, job in yaml.safe_load(GITLAB.read_text()).items():
        if isinstance(job, dict):
            yield from ((name, line) for line in job.get("script", ()))


def test_nothing_is_found_by_those_who_look_for_weaknesses_of_workflows() -> None:
    line = [Path(sys.executable).with_name("zizmor"), "--offline", "--persona", "pedantic"]
    done = subprocess.run(
        [*line, "--format", "json", str(GITHUB)], capture_output=True, check=False
    )
    assert json.loads(done.stdout) == [] and done.returncode == 0, done.stderr.decode()


@pytest.mark.parametrize(
    ("schema", "file"),
    [
        *(("vendor.github-workflows", file) for file in WORKFLOWS),
        ("vendor.gitlab-ci", GITLAB),
        ("vendor.dependabot", GITHUB / "dependabot.yml"),
    ],
    ids=lambda each: each if isinstance(each, str) else each.name,
)
def test_forges_can_read_them(schema: str, file: Path) -> None:
    line = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", schema, str(file)]
    done = subprocess.run(line, capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode()


def test_actions_are_pinned_by_their_commit_and_say_their_version() -> None:
    used = [line for file in WORKFLOWS for line in file.read_text().splitlines() if "uses:" in line]
    assert len(used) > 20
    pinned = re.compile(r" +(?:- )?uses: [\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+")
    assert [line for line in used if not pinned.fullmatch(line)] == []


def test_each_action_is_pinned_to_one_commit() -> None:
    named = re.compile(r"uses: (\S+)@(\S+ # \S+)")
    pins: dict[str, set[str]] = {}
    for file in WORKFLOWS:
        for action, commit in named.findall(file.read_text()):
            pins.setdefault(action, set()).add(commit)
    assert {action: found for action, found in pins.items() if len(found) > 1} == {}


def test_jobs_have_no_right_that_they_do_not_name_and_end_by_themselves() -> None:
    for file in WORKFLOWS:
        whole = yaml.safe_load(file.read_text())
        assert whole["permissions"] == {}
        for job in whole["jobs"].values():
            assert "permissions" in job and job["timeout-minutes"] <= 60


def test_only_those_that_deploy_may_write() -> None:
    may = {
        f"{file.stem}:{name}": sorted(k for k, v in job["permissions"].items() if v == "write")
        for file in WORKFLOWS
        for name, job in jobs(file).items()
    }
    assert {name: rights for name, rights in may.items() if rights} == {
        "publish:attest": ["attestations", "id-token"],
        "publish:deploy": ["id-token", "pages"],
        "release:release": ["attestations", "contents", "id-token"],
    }


def test_secrets_are_given_to_one_job_that_has_an_environment() -> None:
    holders = [
        (file.stem, name, job.get("environment"))
        for file in WORKFLOWS
        for name, job in jobs(file).items()
        if "secrets." in json.dumps(job)
    ]
    assert holders == [("preview", "preview", "preview")]


def test_no_word_of_a_stranger_becomes_part_of_a_command() -> None:
    assert [where for where, step in steps() if "${{" in step.get("run", "")] == []


def test_they_call_scripts_with_options_that_are_there() -> None:
    called = 0
    for where, line in commands():
        for script, words in re.findall(r"scripts/(\w+)\.py\"?((?: [^&|>]+)?)", line):
            assert (ROOT / f"scripts/{script}.py").is_file(), where
            if script == "test":
                continue
            command = cli.main.commands[script]
            known = {name for param in command.params for name in param.opts}
            if isinstance(command, click.Group):
                known |= {
                    n for each in command.commands.values() for p in each.params for n in p.opts
                }
            given = {word for word in shlex.split(words) if word.startswith("--")}
            assert given <= known, where
            called += 1
        for name in re.findall(r"\.ci/(\w+)", line):
            assert (ROOT / ".ci" / name).is_file(), where
    assert called >= 12


def test_every_package_of_every_lock_is_pinned_by_version_and_hash() -> None:
    assert len(LOCKS) >= 3
    for lock in LOCKS:
        entries = re.split(r"\n(?=[\w.-]+)", lock.read_text())
        packages = [each for each in entries if not each.startswith("#")]
        bad = [each for each in packages if not re.match(r"[\w.-]+==\S+.*\n +--hash=sha256:", each)]
        assert packages and bad == []


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a release consists of; its maker fails where two makings differ."""
    if not (ROOT / ".git").exists():
        pytest.skip("no git checkout: a package is made of a commit")
    out = tmp_path_factory.mktemp("package")
    done = subprocess.run(["bash", str(ROOT / ".ci/release"), str(out)], capture_output=True)
    assert done.returncode == 0, done.stderr.decode()
    return out


def test_the_package_is_the_same_wherever_it_is_made(package: Path) -> None:
    assert {file.suffix for file in package.iterdir()} == {".whl", ".json", ".gz"}


def test_the_list_of_parts_names_all_that_is_installed(package: Path) -> None:
    held = (ROOT / "requirements.lock").read_text()
    listed = json.loads((package / "townsquare.cdx.json").read_text())["components"]
    pins = set(re.findall(r"^([\w.-]+)==([^\s;\\]+)", held, re.MULTILINE))
    assert {(each["name"], each["version"]) for each in listed} == pins
    assert all(each["externalReferences"][0]["hashes"] for each in listed)


def test_what_is_said_to_stop_somebody_is_a_test() -> None:
    named = re.findall(r"`(test_\w+)`", (ROOT / "THREAT-MODEL.md").read_text())
    assert len(named) > 15
    assert [name for name in named if not (ROOT / f"tests/{name}.py").is_file()] == []
