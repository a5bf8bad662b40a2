"""The gates in a process of their own: Great Expectations takes seconds to import, and dbt works meanwhile."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from typing import Any

from pydantic import SecretStr

from tonghop.errors import TonghopError
from tonghop.quality.bench_import import gates
from tonghop.settings import Settings

_STEPS = ("judge_statements", "judge_figures", "judge_relations", "judge_totals", "judge_falls")


class Judges:
    """A child that has the gates imported, and judges when asked; ended when the block ends, whatever happened."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[str] | None = None
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the child; an unread pipe would stop it

    def __enter__(self) -> Judges:
        self._child = subprocess.Popen(
            [sys.executable, "-m", "tonghop.rehearsal.judges"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=self._said, text=True,
        )
        return self

    def __exit__(self, *error: object) -> None:
        if self._child is not None:  # it has answered all it was asked, or is not wanted any more
            self._child.kill()
            self._child.communicate()
        self._said.close()

    def judge(self, settings: Settings, step: str, run_id: str) -> dict[str, Any]:
        """Run one gate of ``tonghop.quality.gate`` for a run, without Data Docs.

        Raises:
            TonghopError: the gate failed, or its process ended.
        """
        child = self._child
        if child is None or child.stdin is None or child.stdout is None:
            raise TonghopError("The judges were not called in.", "Use them as a context manager.")
        try:
            child.stdin.write(json.dumps({"step": step, "run_id": run_id, "settings": _sent(settings)}) + "\n")
            child.stdin.flush()
            answer = child.stdout.readline()
        except BrokenPipeError:
            answer = ""
        if not answer:
            self._said.seek(0)
            last = self._said.read().decode(errors="replace").strip().splitlines()[-1:] or ["it said nothing"]
            raise TonghopError(f"The judging process ended: {last[0]}.", "Run the check again.")
        told: dict[str, Any] = json.loads(answer)
        if "failure" in told:
            raise TonghopError(told["failure"], "Nothing was sent and nothing was published; run the check again.")
        return told


def _sent(settings: Settings) -> dict[str, Any]:
    """The settings as JSON, the database's URL readable: it goes through a pipe, never through arguments."""
    plain = settings.model_dump(mode="json")
    if settings.database_url is not None:
        plain["database_url"] = settings.database_url.get_secret_value()
    return plain


def _received(plain: dict[str, Any]) -> Settings:
    url = plain.pop("database_url")
    return Settings(**plain, database_url=None if url is None else SecretStr(url))


def _serve() -> None:
    """Answer one JSON line a request until the pipe closes. Libraries that print are sent to stderr."""
    answers, sys.stdout = sys.stdout, sys.stderr
    gate = gates()
    for line in sys.stdin:
        asked = json.loads(line)
        if asked["step"] not in _STEPS:
            told: dict[str, Any] = {"failure": f"no gate is called {asked['step']}"}
        else:
            try:
                told = getattr(gate, asked["step"])(
                    _received(asked["settings"]), asked["run_id"], with_docs=False)
            except Exception as error:  # whatever it was, the parent says it
                told = {"failure": " ".join(f"{type(error).__name__}: {error}".split())}
        answers.write(json.dumps(told, default=str) + "\n")
        answers.flush()


if __name__ == "__main__":
    _serve()
