"""Makes sure of `.venv` beside this folder, then goes on inside it. Nothing need be installed.

This module is what every script pays for on every run: it imports nothing of its own until
something is to be installed. It must parse on old Pythons, to refuse them in words.
"""

import os
import sys

if sys.version_info < (3, 11):
    sys.stderr.write(
        "Townsquare needs Python 3.11 or newer, and this is Python %d.%d: install a newer one from "
        "https://www.python.org/downloads/ and start the script with it.\n" % sys.version_info[:2]
    )
    sys.exit(2)

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
RUNTIME = "requirements.lock"
READERS = "requirements-readers.lock"
STORAGE = "requirements-storage.lock"
DEVELOPMENT = "requirements-dev.lock"
# What else is in `.venv` once a lock is: each holds the ones before it.
INCLUDED = {
    RUNTIME: (),
    READERS: (RUNTIME,),
    STORAGE: (RUNTIME,),
    DEVELOPMENT: (RUNTIME, READERS, STORAGE),
}

# Isolated, so that no PYTHON* variable and no file beside the caller changes what runs. UTF-8
# whatever the locale, so that the same input gives the same bytes.
FLAGS = ["-I", "-X", "utf8"]
START = "import sys; sys.argv[0] = 'townsquare'; from townsquare.start import main; main()"


def command(name):
    """Be `townsquare NAME` with this script's arguments: does not return."""
    go_on(needed(name, sys.argv[1:]), ["-c", START, name])


def needed(name, words):
    """The lock for a command: only who reads access logs pays for what reads them, and so on."""
    if name == "report" and words[:1] == ["ingest"]:
        return READERS
    if name == "publish" and any(word.startswith("s3://") for word in words):
        return STORAGE
    return RUNTIME


def tests():
    """Be `tests/run.py` with this script's arguments and the development tools: does not return."""
    go_on(DEVELOPMENT, [os.path.join(ROOT, "tests", "run.py")])


def python(venv):
    """The interpreter of a virtual environment."""
    windows = os.path.join("Scripts", "python.exe")
    return os.path.join(venv, windows if os.name == "nt" else os.path.join("bin", "python"))


def stamp(lock):
    """What `.venv` says of itself once all that `lock` names is in it, for this Python."""
    made_for = "%s %s\n" % (sys.implementation.cache_tag, sys.platform)
    with open(os.path.join(ROOT, lock), "rb") as file:
        return made_for.encode() + file.read()


def is_ready(lock):
    """Whether `.venv` is whole and holds what `lock` names."""
    try:
        with open(os.path.join(VENV, lock), "rb") as file:
            return file.read() == stamp(lock) and os.path.exists(python(VENV))
    except OSError:
        return False


def go_on(lock, arguments):
    """Replace this process by `.venv`'s Python; exit 2 where it could not be made."""
    if not is_ready(lock):
        import installation

        installation.prepare(lock)
    line = [python(VENV), *FLAGS, *arguments, *sys.argv[1:]]
    if os.name != "nt":
        # In a virtual machine a tenth of an edit's time is page faults: glibc halves them where it
        # may take memory in pages of 2 MiB. Nobody else reads this.
        os.environ.setdefault("GLIBC_TUNABLES", "glibc.malloc.hugetlb=1")
        os.execv(line[0], line)
    # Windows' exec returns to the shell at once: wait, and hand the exit code on.
    import subprocess

    process = subprocess.Popen(line)
    while True:
        try:
            sys.exit(process.wait())
        except KeyboardInterrupt:
            continue
