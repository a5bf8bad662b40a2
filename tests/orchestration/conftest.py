"""One real night, recorded; and listeners on loopback that stand where a chat, a mail server or a collector would."""

from __future__ import annotations

import json
import socket
import socketserver
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import fresh_warehouse
from tonghop.night import steps
from tonghop.orchestration.components import child_environment
from tonghop.orchestration.network import Network
from tonghop.reference import load as reference
from tonghop.settings import Settings
from tonghop.submissions import inbox
from tonghop.warehouse.connection import connect, rows

DAG_RUN = "manual__2026-11-22T18:00:00+00:00"
Tell = Callable[..., str]


@pytest.fixture(scope="session")
def recorded(server: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """The sample, and one night over it up to its publication, as a DAG run would have begun it."""
    with fresh_warehouse(server, tmp_path_factory.mktemp("recorded")) as settings:
        reference.add_overlay(settings, settings.sample_dir / "reference")
        reference.load(settings)
        for folder in sorted((settings.sample_dir / "inbox").iterdir()):
            files = [inbox.submit(settings, path, folder.name) for path in sorted(Path(folder).iterdir())]
            inbox.ingest_sender(settings, folder.name, whole=files)
        run_id = steps.open_night(settings, owner=DAG_RUN, kind="night")
        assert run_id is not None
        for task in (steps.stage_and_judge, steps.build_and_judge, steps.publish):
            task(settings, run_id)
        yield settings


def tell_otherwise(settings: Settings, statement: str) -> None:
    """Change the history of findings, which refuses to be changed: another past for a test."""
    with connect(settings) as connection:
        rows(connection, "alter table quality.finding_event disable trigger only_added_to")
        rows(connection, statement)
        rows(connection, "alter table quality.finding_event enable trigger only_added_to")


@pytest.fixture(scope="session")
def ending(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[dict[str, Any]], int]]:
    """The process that ends tasks (``tasks_end``): a line in, an exit status out."""
    home = tmp_path_factory.mktemp("airflow")
    environment = child_environment(Settings(state_dir=home, database_url="postgresql://nobody@127.0.0.1:1/none"),
                                    Network(18080))
    environment |= {"AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{home}/airflow.db"}
    with subprocess.Popen([sys.executable, str(Path(__file__).parent / "tasks_end.py")], env=environment, cwd=home,
                          stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        sent, heard = process.stdin, process.stdout

        def end(said: dict[str, Any]) -> int:
            sent.write(json.dumps(said) + "\n")
            sent.flush()
            return int(heard.readline())

        yield end
        sent.close()


@pytest.fixture
def tell(recorded: Settings, ending: Callable[[dict[str, Any]], int], tmp_path: Path) -> Tell:
    """Run the callbacks after a task of the recorded night; returns what they logged."""

    def run(task: str, *, problem: str | None = None, dag_run: str = DAG_RUN, settings: dict[str, Any] | None = None,
            **variables: str) -> str:
        told = recorded.model_copy(update=settings or {})
        environment = child_environment(told, Network(18080)) | {
            "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"sqlite:///{tmp_path}/airflow.db", **variables}
        log = tmp_path / "log"
        status = ending({"environment": environment, "task": task, "dag_run": dag_run, "problem": problem,
                         "log": str(log)})
        assert status == 0, log.read_text()[-2000:]
        return log.read_text()

    return run


@dataclass
class Heard:
    """What a listener received.

    Attributes:
        port: where it listens on loopback.
        answer: the status that the web server gives.
    """

    port: int
    bodies: list[bytes] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    answer: int = 200


@contextmanager
def listening_web() -> Iterator[Heard]:
    """A web server that takes whatever is posted."""
    heard = Heard(0)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            heard.paths.append(self.path)
            heard.bodies.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(heard.answer)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as listening:
        heard.port = listening.server_address[1]
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield heard
        listening.shutdown()


@pytest.fixture
def web() -> Iterator[Heard]:
    """A web server, for one test."""
    with listening_web() as heard:
        yield heard


class _Mail(socketserver.StreamRequestHandler):
    """As much of a mail server as a letter needs."""

    def handle(self) -> None:
        self._say("220 loopback")
        while line := self.rfile.readline():
            word = line.strip().upper().split(b" ")[0]
            if word == b"DATA":
                self._say("354 go on")
                letter = b"".join(iter(self.rfile.readline, b".\r\n"))
                self.server.heard.bodies.append(letter)  # type: ignore[attr-defined]
            elif word in (b"MAIL", b"RCPT"):
                self.server.heard.paths.append(line.decode().strip())  # type: ignore[attr-defined]
            self._say("221 bye" if word == b"QUIT" else "250 ok")
            if word == b"QUIT":
                return

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


@pytest.fixture
def mail() -> Iterator[Heard]:
    """A mail server."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Mail) as listening:
        heard = Heard(listening.server_address[1])
        listening.heard = heard  # type: ignore[attr-defined]
        listening.daemon_threads = True
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield heard
        listening.shutdown()


@pytest.fixture
def datagrams() -> Iterator[tuple[int, Callable[[], list[str]]]]:
    """A StatsD daemon: its port, and what it has received so far."""
    with closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2**20)
        listening.bind(("127.0.0.1", 0))
        listening.setblocking(False)

        def read() -> list[str]:
            found: list[str] = []
            while True:
                try:
                    found += listening.recv(65536).decode().splitlines()
                except BlockingIOError:
                    return found

        yield listening.getsockname()[1], read


@pytest.fixture
def free_port() -> Callable[[], int]:
    """A port on which nobody listens."""

    def find() -> int:
        with closing(socket.socket()) as asked:
            asked.bind(("127.0.0.1", 0))
            return int(asked.getsockname()[1])

    return find
