"""Servers of others on this machine alone: nginx, sshd. Each is ended with its block."""

from __future__ import annotations

import getpass
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from judges import installed

_NGINX = """
daemon off; worker_processes 1; pid {folder}/pid; error_log {folder}/error.log; {user}
events {{ worker_connections 64; }}
http {{
  access_log {folder}/access.log; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  {site}
}}
"""
_SITE = 'include /etc/nginx/mime.types; server {{ listen {port}; root "{root}"; }}'
# One request after the other: moto's conditions are not one step with what they guard.
_MOTO = """
import sys
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import run_simple
app = DomainDispatcherApplication(create_backend_app)
run_simple("127.0.0.1", int(sys.argv[1]), app, threaded=False)
"""
_SSHD = """
ListenAddress 127.0.0.1
Port {port}
HostKey {folder}/host
AuthorizedKeysFile {folder}/client.pub
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
MaxStartups 100
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def running(
    *line: str, port: int, stderr: IO[bytes] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """The program, once it answers at the port."""
    process = subprocess.Popen(line, stderr=stderr)
    try:
        _wait(process, port)
        yield process
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    for _ in range(200):
        assert process.poll() is None, "the server ended at once"
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("the server does not answer")


@contextmanager
def nginx(root: Path, folder: Path) -> Iterator[str]:
    """The address at which nginx serves the folder."""
    with nginx_with(lambda place: _SITE.format(port=place, root=root), folder) as address:
        yield address


@contextmanager
def nginx_with(site: Callable[[str], str], folder: Path) -> Iterator[str]:
    """The address of nginx with what is asked for the place, `127.0.0.1:PORT`, where it listens."""
    program = installed.program("nginx", "/usr/sbin/nginx")
    folder.mkdir(parents=True)
    port = free_port()
    user = f"user {getpass.getuser()};" if os.getuid() == 0 else ""
    text = _NGINX.format(folder=folder, user=user, site=site(f"127.0.0.1:{port}"))
    (folder / "nginx.conf").write_text(text)
    with running(program, "-e", "stderr", "-c", str(folder / "nginx.conf"), port=port):
        yield f"http://127.0.0.1:{port}"


@contextmanager
def sshd(folder: Path) -> Iterator[tuple[int, str]]:
    """The port of an sshd, and the command by which it is reached."""
    program = installed.program("/usr/sbin/sshd", "sshd")
    folder.mkdir(parents=True)
    for name in ("host", "client"):
        key = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)]
        subprocess.run(key, check=True)
    port = free_port()
    (folder / "conf").write_text(_SSHD.format(folder=folder, port=port))
    host = (folder / "host.pub").read_text()
    (folder / "known").write_text(f"[127.0.0.1]:{port} {host}")
    if os.getuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    shell = (
        f"ssh -F none -i {folder}/client -o IdentitiesOnly=yes "
        f"-o UserKnownHostsFile={folder}/known -o StrictHostKeyChecking=yes"
    )
    log = (folder / "log").open("wb")
    with log, running(program, "-D", "-e", "-f", str(folder / "conf"), port=port, stderr=log):
        yield port, shell


@contextmanager
def s3(folder: Path) -> Iterator[tuple[str, Path]]:
    """The address of S3-compatible storage (moto's), and its log of what it was asked."""
    folder.mkdir(parents=True)
    port, log = free_port(), folder / "log"
    line = [sys.executable, "-c", _MOTO, str(port)]
    with log.open("wb") as written, running(*line, port=port, stderr=written):
        yield f"http://127.0.0.1:{port}", log
