"""The embedded PostgreSQL: who may run it, who stops it, and what survives a kill."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import psutil
import psycopg2
import pytest

from tonghop.errors import TonghopError
from tonghop.settings import Settings
from tonghop.warehouse import embedded, postgres_home
from tonghop.warehouse.connection import Secrets, admin_url, connect, rows, server_file

USER = """
import signal, sys, time, pathlib
signal.signal(signal.SIGINT, signal.default_int_handler)  # a parent in the background makes it ignored
from tonghop.settings import Settings
from tonghop.warehouse import embedded
with embedded.running(Settings(state_dir=pathlib.Path(sys.argv[1]))):
    print("in", flush=True)
    time.sleep(float(sys.argv[2]))
print("out", flush=True)
"""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Settings]:
    """A state folder that nobody else can traverse (pytest makes it mode 700), stopped at the end."""
    settings = Settings(state_dir=tmp_path / "state", database_url=None)
    yield settings
    embedded.stop(settings)
    assert not embedded._processes(_data(settings)), "a test left a server behind"


def _data(settings: Settings) -> Path:
    return settings.state_dir / "postgres" / "data"


def _postmaster(settings: Settings) -> int:
    return int((_data(settings) / "postmaster.pid").read_text().split("\n")[0])


def _user(settings: Settings, seconds: float) -> subprocess.Popen[str]:
    """A command of its own that uses the server for some seconds; returns once it is in."""
    child = subprocess.Popen(
        [sys.executable, "-c", USER, str(settings.state_dir), str(seconds)], stdout=subprocess.PIPE, text=True
    )
    assert child.stdout is not None
    assert child.stdout.readline() == "in\n"
    return child


def test_first_start_makes_a_guarded_vietnamese_warehouse(house: Settings) -> None:
    # Without this: a server open to every local user, or one that sorts and folds by the machine's locale.
    with embedded.running(house):
        assert embedded.is_running(house)
        with connect(house) as connection:
            wanted = "select upper('đặng'), current_setting('server_encoding'), current_setting('fsync'),"
            wanted += " current_setting('client_connection_check_interval'), current_setting('timezone')"
            assert rows(connection, wanted) == [("ĐẶNG", "UTF8", "on", "1s", "UTC")]
        with pytest.raises(psycopg2.OperationalError, match="password"):
            psycopg2.connect(admin_url(house).set(password="wrong").render_as_string(hide_password=False))
        bound = {c.laddr.ip for p in embedded._processes(_data(house)) for c in psutil.Process(p).net_connections("all")
                 if c.status == psutil.CONN_LISTEN or (c.family == socket.AF_UNIX and c.laddr)}
        assert bound == {"127.0.0.1"}
    assert not embedded.is_running(house)
    assert not server_file(house).exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become somebody else")
@pytest.mark.parametrize("way", ["direct", "mounted", "copied"])
def test_root_runs_it_as_somebody_else_and_opens_no_folder(
    way: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Without this: 'make demo' fails in a container, or makes /root readable for everybody.
    home = tmp_path / "closed"
    home.mkdir(mode=0o700)
    state = home / "state" if way != "direct" else Path(f"/tmp/tonghop-test-{os.getpid()}")
    if way == "copied":
        monkeypatch.setattr(postgres_home, "ELSEWHERE", Path(f"/var/lib/tonghop-test-{os.getpid()}"))
        monkeypatch.setattr(postgres_home, "_mounted", postgres_home._direct)
    settings = Settings(state_dir=state, database_url=None)
    try:
        for _ in range(2):  # the second start finds the cluster again
            with embedded.running(settings), connect(settings) as connection:
                rows(connection, "create table if not exists kept (x int)")
                found = postgres_home.find_home(settings)
                users = {psutil.Process(pid).uids().effective for pid in embedded._processes(_data(settings))}
                assert users
                assert 0 not in users
        assert bool(found.prefix) == (way == "mounted")
        assert (state / "postgres").is_symlink() == (way == "copied")
        assert home.stat().st_mode & 0o777 == 0o700
    finally:
        embedded.stop(settings)
        shutil.rmtree(state, ignore_errors=True)
        if way == "copied":
            shutil.rmtree(postgres_home.ELSEWHERE)


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user is what the other tests run as")
def test_an_ordinary_user_needs_none_of_that(tmp_path: Path) -> None:
    # A namespace in which we are not root: the same files can be reached, and PostgreSQL sees an ordinary user.
    ordinary = ["unshare", "--user", "--map-user=65534", "--map-group=65534"]
    if subprocess.run([*ordinary, "true"], capture_output=True, check=False).returncode != 0:
        pytest.skip("this kernel lets nobody make a user namespace, so root cannot try what an ordinary user sees")
    state = tmp_path / "state"
    child = subprocess.run([*ordinary, sys.executable, "-c", USER, str(state), "0"], text=True, capture_output=True,
                           check=True)
    assert child.stdout == "in\nout\n"
    assert (state / "postgres" / "data" / "PG_VERSION").exists()
    assert (state / "postgres").stat().st_uid == 0  # outside the namespace it is ours; nobody else was asked


def test_the_last_of_several_users_stops_it(house: Settings) -> None:
    # Without this: a command that ends first pulls the server away from under the other.
    with ExitStack() as stack:
        stack.enter_context(embedded.running(house))
        other = _user(house, 1.0)
        stack.close()
        assert embedded.is_running(house)
        assert other.wait(20) == 0
    assert not embedded.is_running(house)


def test_many_users_at_once_start_one_server(house: Settings) -> None:
    children = [_user(house, 0.3) for _ in range(2)]
    more = [subprocess.Popen([sys.executable, "-c", USER, str(house.state_dir), "0.2"]) for _ in range(4)]
    assert [child.wait(60) for child in [*children, *more]] == [0] * 6
    assert not embedded.is_running(house)


def test_a_killed_user_is_not_counted(house: Settings) -> None:
    # Without this: one kill -9 and the server runs for ever.
    child = _user(house, 60)
    child.kill()
    child.wait()
    assert embedded.is_running(house)
    with embedded.running(house):
        pass
    assert not embedded.is_running(house)


def test_ctrl_c_ends_the_user_before_the_server(house: Settings) -> None:
    child = subprocess.Popen([sys.executable, "-c", USER, str(house.state_dir), "60"], stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, text=True, start_new_session=True)
    assert child.stdout is not None
    assert child.stdout.readline() == "in\n"
    with embedded.running(house):
        os.killpg(child.pid, signal.SIGINT)  # as a terminal does: to the whole group
        assert child.wait(20) != 0
        assert embedded.is_running(house)
    assert not embedded.is_running(house)


def test_it_heals_after_kill_9(house: Settings) -> None:
    # Without this: one power cut and every command says 'lock file exists'.
    with embedded.running(house):
        with connect(house) as connection:
            rows(connection, "create table kept as select 1 as x")
        orphan = psycopg2.connect(admin_url(house).render_as_string(hide_password=False))
        orphan.autocommit = True
        os.kill(_postmaster(house), signal.SIGKILL)
        time.sleep(0.2)
        embedded.start(house)
        with connect(house) as connection:
            assert rows(connection, "select x from kept") == [(1,)]
        orphan.close()


def test_a_pid_file_that_names_a_stranger_heals(house: Settings) -> None:
    with embedded.running(house):
        pass
    stranger = subprocess.Popen(["sleep", "60"])
    try:
        (_data(house) / "postmaster.pid").write_text(f"{stranger.pid}\n{_data(house)}\n1\n5432\n\n127.0.0.1\n\nready\n")
        assert not embedded.is_running(house)
        with embedded.running(house):
            assert embedded.is_running(house)
        assert stranger.poll() is None, "a stranger was killed"
    finally:
        stranger.kill()
        stranger.wait()


def test_a_taken_port_is_not_the_end(house: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    # Without this: two checkouts that start together fail now and then.
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        free, asked = embedded._free_port, []

        def first_taken(remembered_in: Path | None) -> int:
            asked.append(remembered_in)
            return int(taken.getsockname()[1]) if len(asked) == 1 else free(None)

        monkeypatch.setattr(embedded, "_free_port", first_taken)
        with embedded.running(house):
            assert admin_url(house).port != taken.getsockname()[1]
        assert len(asked) == 2


def test_a_cluster_of_another_version_says_so(house: Settings) -> None:
    with embedded.running(house):
        pass
    (_data(house) / "PG_VERSION").write_text("15\n")
    with pytest.raises(TonghopError, match="made by PostgreSQL 15"), embedded.running(house):
        pass


def test_a_lost_password_says_so(house: Settings) -> None:
    with embedded.running(house):
        pass
    Secrets(house)._write({"postgres": "other"})
    with pytest.raises(TonghopError, match=r"secrets\.json"), embedded.running(house):
        pass
    assert not embedded.is_running(house)


def test_kept_up_outlives_its_users(house: Settings) -> None:
    with embedded.running(house):
        embedded.kept_marker(house).touch()
    assert embedded.is_running(house)
    embedded.stop(house)
    assert not embedded.is_running(house)
    embedded.stop(house)  # stopping the stopped is fine


def test_another_server_is_left_alone(tmp_path: Path) -> None:
    settings = Settings(state_dir=tmp_path / "state", database_url="postgresql://x:y@127.0.0.1:1/z")
    with embedded.running(settings):
        assert not (tmp_path / "state").exists()
