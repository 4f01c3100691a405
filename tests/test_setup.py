"""A machine with Python is enough: the scripts make `.venv` themselves, whole or not at all.

Each test sets up a small repository of its own from packages made here: no network is asked.
"""

import ast
import base64
import functools
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import threading
import time
import tomllib
import zipfile
from collections.abc import Iterator
from hashlib import sha256
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]
PYTHON = sys._base_executable
START = "import sys, tiny\ndef main(): print(sys.argv, tiny.WORD, sys.flags.isolated)"


def wheel(folder: Path, name: str, version: str, source: str) -> str:
    """A wheel with one module in `folder`; its requirement, pinned and hashed."""
    path = folder / f"{name}-{version}-py3-none-any.whl"
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}.py": source,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    with zipfile.ZipFile(path, "w") as archive:
        for file, text in files.items():
            archive.writestr(file, text)
        record = "".join(f"{file},{_recorded(text)}\n" for file, text in files.items())
        archive.writestr(f"{info}/RECORD", f"{record}{info}/RECORD,,\n")
    return f"{name}=={version} \\\n    --hash=sha256:{sha256(path.read_bytes()).hexdigest()}\n"


def _recorded(text: str) -> str:
    digest = base64.urlsafe_b64encode(sha256(text.encode()).digest()).rstrip(b"=").decode()
    return f"sha256={digest},{len(text)}"


class Repository:
    """A small repository with the real scripts, on a machine with an index of its own."""

    def __init__(self, root: Path, index: Path) -> None:
        self.root, self.index = root, index
        (root / "hooks" / "townsquare").mkdir(parents=True)
        (root / "hooks" / "townsquare" / "__init__.py").touch()
        (root / "hooks" / "townsquare" / "start.py").write_text(START)
        (root / "scripts").mkdir()
        for name in ("environment.py", "installation.py", "build.py"):
            shutil.copy(ROOT / "scripts" / name, root / "scripts" / name)
        self.lock = root / "requirements.lock"
        self.lock.write_text(wheel(index, "tiny", "1.0", "WORD = 'first'\n"))

    def environment(self, **more: str) -> dict[str, str]:
        kept = ("HOME", "SYSTEMROOT", "TEMP", "TMPDIR")
        inherited = {name: os.environ[name] for name in kept if name in os.environ}
        found = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": self.index.as_uri()}
        return {**inherited, **found, "PIP_CONFIG_FILE": os.devnull, "PATH": "", **more}

    def start(self, *words: str, script: str = "build", **more: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [PYTHON, str(self.root / "scripts" / f"{script}.py"), *words],
            env=self.environment(**more),
            cwd=self.index,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *words: str, script: str = "build", **more: str) -> tuple[int, str, str]:
        process = self.start(*words, script=script, **more)
        out, told = process.communicate()
        return process.returncode, out, told


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    (tmp_path / "an index").mkdir()
    return Repository(tmp_path / "a town", tmp_path / "an index")


def test_the_first_run_sets_up_and_the_second_starts_at_once(repository):
    status, out, told = repository.run("--out", "a b")
    assert (status, out) == (0, "['townsquare', 'build', '--out', 'a b'] first 1\n"), told
    assert len(told.splitlines()) == 2
    made = (repository.root / ".venv").stat().st_ino
    assert repository.run() == (0, "['townsquare', 'build'] first 1\n", "")
    assert (repository.root / ".venv").stat().st_ino == made


def test_a_changed_lock_is_installed_and_a_refused_one_leaves_the_old_environment(repository):
    repository.run()
    right = wheel(repository.index, "tiny", "2.0", "WORD = 'second'\n")
    repository.lock.write_text(re.sub("sha256:....", "sha256:0000", right))
    status, out, told = repository.run()
    assert (status, out) == (2, "")
    assert "tiny==2.0" in told and "its hash differs" in told and "Traceback" not in told
    assert "1.0" in str(sorted((repository.root / ".venv").rglob("tiny-*.dist-info"))[0])
    repository.lock.write_text(right)
    assert repository.run()[:2] == (0, "['townsquare', 'build'] second 1\n")


@pytest.mark.parametrize(
    ("command", "lock", "usual", "word"),
    [
        ("report", "requirements-readers.lock", "x", "ingest"),
        ("publish", "requirements-storage.lock", "/srv/www", "s3://bucket/site"),
    ],
)
def test_what_few_need_is_installed_when_it_is_first_needed(repository, command, lock, usual, word):
    tiny = repository.lock.read_text()
    heavy = wheel(repository.index, "heavy", "1.0", "")
    (repository.root / lock).write_text(f"{tiny}{heavy}")
    script = repository.root / "scripts" / f"{command}.py"
    shutil.copy(repository.root / "scripts" / "build.py", script)
    script.write_text(script.read_text().replace('"build"', f'"{command}"'))

    def installed() -> list[str]:
        return sorted(p.name for p in (repository.root / ".venv").rglob("heavy-*.dist-info"))

    assert (repository.run(usual, script=command)[0], installed()) == (0, [])
    assert (repository.run(word, script=command)[0], installed()) == (0, ["heavy-1.0.dist-info"])
    assert repository.run()[2] == "", "what was there is there still"


def test_a_killed_set_up_is_made_again(repository):
    process = repository.start()
    part = repository.root / ".venv.part"
    while not part.exists() and process.poll() is None:
        time.sleep(0.01)
    process.kill()
    process.communicate()
    assert not (repository.root / ".venv").exists()
    assert repository.run()[:2] == (0, "['townsquare', 'build'] first 1\n")
    assert not part.exists()


def with_uv(repository: Repository) -> dict[str, str]:
    """A machine that has uv on its path, too."""
    folder = str(Path(sys.executable).parent)
    assert shutil.which("uv", path=folder)
    return {"PATH": folder, "UV_NO_INDEX": "1", "UV_FIND_LINKS": repository.index.as_uri()}


def test_an_environment_without_its_stamp_is_made_again(repository):
    half = repository.root / ".venv" / "bin"
    half.mkdir(parents=True)
    (half / "python").touch()
    assert repository.run(**with_uv(repository))[:2] == (0, "['townsquare', 'build'] first 1\n")


def test_two_set_ups_at_once_do_the_work_once(repository):
    both = [repository.start(), repository.start()]
    told = [process.communicate()[1] for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert "".join(told).count("Setting up") == 1


def test_no_python_variable_changes_what_runs(repository, tmp_path):
    hostile = tmp_path / "hostile"
    (hostile / "townsquare").mkdir(parents=True)
    for path in ("environment.py", "installation.py", "tiny.py", "townsquare/__init__.py"):
        (hostile / path).write_text("raise SystemExit('hostile')")
    variables = {"PYTHONPATH": str(hostile), "PYTHONSAFEPATH": "1", "PYTHONOPTIMIZE": "2"}
    variables |= with_uv(repository)
    for _ in range(2):
        assert repository.run(**variables)[:2] == (
            0,
            "['townsquare', 'build'] first 1\n",
        )


def test_memory_comes_in_large_pages_unless_somebody_has_tuned_it(repository):
    start = repository.root / "hooks" / "townsquare" / "start.py"
    start.write_text("import os\ndef main(): print(os.environ['GLIBC_TUNABLES'])")
    assert repository.run()[1] == "glibc.malloc.hugetlb=1\n"
    own = "glibc.malloc.check=0"
    assert repository.run(GLIBC_TUNABLES=own)[1] == f"{own}\n"


def test_an_index_out_of_reach_is_said_in_words(repository):
    unreachable = {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "0"}
    environment = {"PIP_NO_INDEX": "0", "PIP_FIND_LINKS": "", **unreachable}
    status, _, told = repository.run(**environment)
    assert status == 2
    assert "The package index could not be reached." in told and "Traceback" not in told


@pytest.fixture
def bundled_pip() -> Path:
    """The wheel of pip that came with Python; distributions keep it in a folder of their own."""
    ensurepip = pytest.importorskip("ensurepip", reason="no ensurepip to take pip's wheel from")
    folders = [Path(ensurepip.__file__).parent / "_bundled"]
    folders += [Path(found) for found in [sysconfig.get_config_var("WHEEL_PKG_DIR")] if found]
    wheels = sorted(wheel for folder in folders for wheel in folder.glob("pip-*.whl"))
    return wheels[0] if wheels else pytest.skip("no wheel of pip came with this Python")


@pytest.fixture
def served(repository: Repository) -> Iterator[str]:
    class Quiet(SimpleHTTPRequestHandler):
        def log_message(self, format, *args):
            pass

    handler = functools.partial(Quiet, directory=str(repository.index))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


WITHOUT_ENSUREPIP = (
    "import sys, importlib.util as util; find = util.find_spec;"
    "util.find_spec = lambda name, *more: None if name == 'ensurepip' else find(name, *more);"
    "import runpy; script = sys.argv[1]; sys.argv[:] = [script];"
    "runpy.run_path(script, run_name='__main__')"
)


def run_without_ensurepip(repository: Repository, index: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [PYTHON, "-I", "-c", WITHOUT_ENSUREPIP, str(repository.root / "scripts" / "build.py")],
        env=repository.environment(PIP_INDEX_URL=index),
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_ensurepip_pip_is_fetched_and_checked(repository, served, bundled_pip):
    listing = repository.index / "pip"
    listing.mkdir()
    shutil.copy(bundled_pip, repository.index)
    (listing / "index.html").write_text(f'<a href="../{bundled_pip.name}#sha256=x">pip</a>')
    version, right = bundled_pip.name.split("-")[1], sha256(bundled_pip.read_bytes()).hexdigest()
    tiny = repository.lock.read_text()

    repository.lock.write_text(f"{tiny}pip=={version} \\\n    --hash=sha256:{'0' * 64}\n")
    refused = run_without_ensurepip(repository, served)
    assert refused.returncode == 2 and "its hash differs" in refused.stderr

    repository.lock.write_text(f"{tiny}pip=={version} \\\n    --hash=sha256:{right}\n")
    done = run_without_ensurepip(repository, served)
    assert (done.returncode, done.stdout) == (0, "['townsquare', 'build'] first 1\n"), done.stderr


def test_with_uv_on_the_path_uv_does_it(repository):
    status, out, told = repository.run(**with_uv(repository))
    assert (status, out) == (0, "['townsquare', 'build'] first 1\n"), told
    assert "with uv" in told
    assert repository.run(**with_uv(repository))[2] == ""


def test_an_old_python_is_refused_in_one_sentence():
    old = "import sys, runpy; sys.version_info = (3, 8, 0, 'final', 0); runpy.run_path(sys.argv[1])"
    script = str(ROOT / "scripts" / "build.py")
    done = subprocess.run(
        [PYTHON, "-I", "-c", old, script], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr.startswith("Townsquare needs Python 3.11 or newer, and this is Python 3.8:")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("name", ["build.py", "check.py", "test.py", "environment.py"])
def test_what_refuses_an_old_python_can_be_parsed_by_it(name):
    source = (ROOT / "scripts" / name).read_text()
    assert ast.parse(source, feature_version=(3, 7))


def test_finding_all_in_order_imports_nothing():
    asked = (
        "import sys; before = set(sys.modules); sys.path.insert(0, sys.argv[1]);"
        "import environment; environment.is_ready('requirements.lock');"
        "print(sorted(set(sys.modules) - before))"
    )
    line = [PYTHON, "-I", "-c", asked, str(ROOT / "scripts")]
    assert subprocess.check_output(line, text=True) == "['environment']\n"


def locked(name: str) -> dict[str, tuple[str, int]]:
    """Version and number of hashes of each package in a lock file."""
    stanzas = re.findall(
        r"^([\w.-]+)==(\S+)(.*(?:\n .*)*)", (ROOT / name).read_text(), re.MULTILINE
    )
    return {package: (version, rest.count("sha256:")) for package, version, rest in stanzas}


def test_every_package_is_locked_by_hash_and_the_tests_use_what_readers_get():
    runtime, development = locked("requirements.lock"), locked("requirements-dev.lock")
    reading = locked("requirements-readers.lock")
    assert all(hashes > 0 for _, hashes in development.values())
    assert runtime.items() <= reading.items() <= development.items()


def test_the_locks_hold_what_the_project_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    groups = project["dependency-groups"]
    development = locked("requirements-dev.lock")
    assert {"include-group": "readers"} in groups["dev"]
    own = [line for line in groups["dev"] if isinstance(line, str)] + groups["readers"]
    for line in [*project["project"]["dependencies"], *groups["install"], *own]:
        asked = Requirement(line)
        assert development[asked.name.lower()][0] in asked.specifier, line
