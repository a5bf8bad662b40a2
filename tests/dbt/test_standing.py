"""What dbt keeps from one phase to the next: the parsed project, its connections, its peace with the call stack."""

from __future__ import annotations

import inspect
import os
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg2
import pytest
from dbt.adapters.base.impl import BaseAdapter
from dbt.adapters.sql.connections import SQLConnectionManager
from dbt.compilation import Compiler, Linker
from dbt.events.types import NodeStart
from dbt.graph import NodeSelector
from dbt.parser.manifest import ManifestLoader
from dbt_common.clients import agate_helper
from dbt_common.events import base_types
from dbt_common.events.base_types import EventLevel
from dbt_common.events.event_manager_client import get_event_manager
from dbt_common.events.functions import fire_event
from dbt_common.events.types import Note
from psycopg2.extensions import TRANSACTION_STATUS_INTRANS

from tests.conftest import fresh_warehouse
from tonghop.settings import Settings
from tonghop.warehouse import dbt, dbt_standing
from tonghop.warehouse.connection import connect, rows


@pytest.fixture
def running(warehouse: Settings) -> Settings:
    """A warehouse with a night that dbt can build for."""
    with connect(warehouse, "builder") as connection:
        rows(connection, "insert into ops.run (run_id, kind, owner, status)"
                         " values ('tonight', 'hand', 'test', 'running')")
    dbt.build(warehouse, "tonight", "stage")
    return warehouse


def test_a_second_phase_does_not_read_the_project_again(running: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> Any:
        raise AssertionError("dbt read its project a second time")

    monkeypatch.setattr(ManifestLoader, "get_full_manifest", refuse)
    assert dbt.build(running, "tonight", "observe")["nodes"] > 10


def test_a_second_phase_does_not_draw_the_graph_again(running: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> Any:
        raise AssertionError("dbt drew its graph a second time")

    monkeypatch.setattr(Linker, "link_graph", refuse)
    assert dbt.build(running, "tonight", "observe")["nodes"] > 10


def test_a_second_night_writes_no_sql_and_selects_nothing_again(
    running: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = dbt.build(running, "tonight", "observe")["nodes"]

    def refuse(*_: Any, **__: Any) -> Any:
        raise AssertionError("dbt did again what it had done")

    monkeypatch.setattr(Compiler, "_compile_code", refuse)
    monkeypatch.setattr(NodeSelector, "select_nodes", refuse)
    monkeypatch.setattr("pkgutil.iter_modules", refuse)
    assert dbt.build(running, "tonight", "observe")["nodes"] == first
    assert agate_helper.empty_table() is agate_helper.empty_table()


def test_what_is_selected_depends_on_the_selector_and_on_what_is_left_out(running: Settings) -> None:
    with_tests = dbt.build(running, "tonight", "observe")["nodes"]
    assert dbt.build(running, "tonight", "observe", with_tests=False)["nodes"] < with_tests
    assert dbt.build(running, "tonight", "observe")["nodes"] == with_tests
    assert dbt.build(running, "tonight", "relate")["nodes"] < with_tests


def test_a_node_sends_few_statements(running: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """What makes it, and what is done to it then; a contract needs two more, to ask what the columns are."""
    sent: dict[str, list[str]] = {}
    execute = SQLConnectionManager.add_query

    def noting(manager: Any, sql: str, *given: Any, **named: Any) -> Any:
        if manager.get_thread_connection().name.startswith("model."):
            sent.setdefault(manager.get_thread_connection().name, []).append(sql)
        return execute(manager, sql, *given, **named)

    monkeypatch.setattr(SQLConnectionManager, "add_query", noting)
    for phase in ("observe", "relate", "roll_up", "marts"):
        dbt.build(running, "tonight", phase, with_tests=False)
    models = {name: [sql for sql in all_of_it if "list_relations" not in sql and "pg_tables" not in sql]
              for name, all_of_it in sent.items()}
    assert len(models) > 40
    assert max(len(all_of_it) for name, all_of_it in models.items() if ".int_" in name) <= 3  # begin is one
    assert max(len(all_of_it) for all_of_it in models.values()) <= 5
    with connect(running) as connection:
        bare = rows(connection, "select relname, attname from pg_class join pg_attribute on attrelid = pg_class.oid"
                                " where relnamespace = 'candidate'::regnamespace and relkind = 'r' and attnum > 0"
                                " and (col_description(pg_class.oid, attnum) is null"
                                " or obj_description(pg_class.oid, 'pg_class') is null)")
    assert bare == [], "what analysts read is not described"


def test_events_that_nobody_hears_are_not_written(running: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[Any] = []
    write = base_types.ParseDict

    def noting(fields: Any, message: Any) -> Any:
        written.append(message)
        return write(fields, message)

    monkeypatch.setattr(base_types, "ParseDict", noting)
    nodes = dbt.build(running, "tonight", "observe")["nodes"]
    assert len(written) < 7 * nodes  # its start, its end and their envelopes
    log = (dbt.log_dir(running) / "dbt.log").read_text(encoding="utf-8")
    assert "OK created" in log
    assert "int_fact_settled" in log


def test_an_event_says_what_it_was_given(running: Settings) -> None:
    event = NodeStart(node_info={"node_name": "one"})
    assert event.node_info.node_name == "one"
    event.node_info.node_name = "another"
    assert event.to_dict()["node_info"]["node_name"] == "another"
    heard: list[Any] = []
    get_event_manager().add_callback(heard.append)
    fire_event(Note(msg="a warning"), level=EventLevel.WARN)
    fire_event(Note(msg="a detail"), level=EventLevel.DEBUG)
    get_event_manager().callbacks.clear()
    assert [each.data.msg for each in heard] == ["a warning"]


def test_a_manifest_is_written_once_for_the_docs(running: Settings) -> None:
    manifest = dbt.target_dir(running) / "manifest.json"
    assert not manifest.exists(), "only the last phase leaves one"
    for phase in ("observe", "relate", "roll_up", "marts"):
        dbt.build(running, "tonight", phase, with_tests=phase == "marts")
    written = manifest.stat().st_mtime_ns
    dbt.build(running, "tonight", "marts")
    assert manifest.stat().st_mtime_ns == written
    os.utime(manifest, (0, 0))  # as if a file of the project had changed since
    dbt.build(running, "tonight", "marts")
    assert manifest.stat().st_mtime_ns > written


def test_nodes_share_the_connections_of_their_threads(running: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[Any] = []
    connect_really = psycopg2.connect

    def counting(*given: Any, **named: Any) -> Any:
        opened.append(named.get("application_name"))
        return connect_really(*given, **named)

    monkeypatch.setattr(psycopg2, "connect", counting)
    nodes = dbt.build(running, "tonight", "observe")["nodes"]
    assert 0 < opened.count("tonghop dbt") < nodes / 2
    with connect(running) as connection:
        left = rows(connection, "select count(*) from pg_stat_activity"
                                " where application_name = 'tonghop dbt' and datname = current_database()")
    assert left == [(0,)], "dbt left connections open"


def test_every_node_has_a_transaction_of_its_own(running: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else what a node sets for itself (set local) has no effect, and its statements are not one."""
    states: dict[str, int] = {}
    execute = SQLConnectionManager.add_query

    def watching(manager: Any, sql: str, *given: Any, **named: Any) -> Any:
        done = execute(manager, sql, *given, **named)
        if "node_id" in sql or "set local" in sql.lower() or "create unlogged" in sql:
            states[done[0].name + str(len(states))] = done[0].handle.info.transaction_status
            if "set local work_mem = '128MB'" in sql:
                with done[0].handle.cursor() as cursor:
                    cursor.execute("show work_mem")
                    states["kept " + done[0].name] = TRANSACTION_STATUS_INTRANS if cursor.fetchone() == ("128MB",) else -1
        return done

    monkeypatch.setattr(SQLConnectionManager, "add_query", watching)
    dbt.build(running, "tonight", "observe")
    assert len(states) > 10
    assert any(name.startswith("kept ") for name in states)
    assert {name: status for name, status in states.items() if status != TRANSACTION_STATUS_INTRANS} == {}


def test_a_node_that_fails_leaves_the_connection_fit_for_the_next(running: Settings) -> None:
    """A transaction that an error broke must not be handed to the next node of the thread."""
    with connect(running) as connection:  # what int_fact_settled reads is gone: it fails, what needs it is skipped
        rows(connection, "drop table intermediate.int_statement_resolved cascade")
    with pytest.raises(Exception, match="dbt failed at"):
        dbt.build(running, "tonight", "observe")
    dbt.build(running, "tonight", "stage")
    assert dbt.build(running, "tonight", "observe")["nodes"] > 10


def test_what_stands_is_replaced_whatever_dbt_knows_of_it(running: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """dbt's cache of relations is half full while the other thread fills it: a table that stood was made once more."""
    first = dbt.build(running, "tonight", "observe")["nodes"]
    with connect(running, "builder") as connection:  # as if a model had been a view, and another one a table, before
        rows(connection, "drop table intermediate.int_fact_settled cascade")
        rows(connection, "create view intermediate.int_fact_settled as select 1 as one")
    monkeypatch.setattr(BaseAdapter, "list_relations", lambda *_: [])
    assert dbt.build(running, "tonight", "observe")["nodes"] == first
    with connect(running) as connection:
        assert rows(connection, "select relkind from pg_class where oid = 'intermediate.int_fact_settled'::regclass") == [("r",)]


def test_dbt_does_not_walk_the_call_stack(running: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of a small night went into that (docs/decisions/0027); a dbt that renames its method must be noticed."""
    def refuse(*_: Any, **__: Any) -> Any:
        raise AssertionError("inspect.stack() looks through every loaded module")

    monkeypatch.setattr(inspect, "stack", refuse)
    assert dbt.build(running, "tonight", "observe")["nodes"] > 10


def test_another_database_is_built_with_the_same_reading(
    running: Settings, server: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ManifestLoader, "get_full_manifest", lambda *_, **__: pytest.fail("the project was read again"))
    with fresh_warehouse(server, tmp_path / "other") as other:
        with connect(other, "builder") as connection:
            rows(connection, "insert into ops.run (run_id, kind, owner, status)"
                             " values ('tonight', 'hand', 'test', 'running')")
        assert dbt.build(other, "tonight", "stage")["nodes"] > 10
        dbt.build(running, "tonight", "observe")  # and back again
        with connect(other) as connection:
            assert rows(connection, "select to_regclass('intermediate.int_statement_resolved') is not null") == [(True,)]
            assert rows(connection, "select to_regclass('intermediate.int_fact_settled') is null") == [(True,)]


def test_a_changed_file_is_read(tmp_path: Path) -> None:
    model = tmp_path / "models" / "a.sql"
    model.parent.mkdir()
    model.write_text("select 1", encoding="utf-8")
    read: list[str] = []

    def parse() -> Any:
        read.append(model.read_text(encoding="utf-8"))
        return SimpleNamespace(nodes={}, sources={}, said=read[-1])

    for _ in range(2):
        dbt_standing.manifest(tmp_path, "one", parse)
    assert read == ["select 1"]
    model.write_text("select 12", encoding="utf-8")
    assert dbt_standing.manifest(tmp_path, "one", parse).said == "select 12"


def test_a_project_that_cannot_be_read_is_not_kept(tmp_path: Path) -> None:
    answers = iter([None, SimpleNamespace(nodes={}, sources={})])
    assert [dbt_standing.manifest(tmp_path, "one", lambda: next(answers)) is None for _ in range(2)] == [True, False]
