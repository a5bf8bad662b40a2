"""What dbt would make anew at each invocation and can keep from one phase of a night to the next.

dbt is built to be a command: it reads its project, opens a connection for each node and asks the call stack for its own
name whenever it is called. A night calls it six times in one process; beside a small correction that would cost more
than the data does (docs/decisions/0027).
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

from tonghop.warehouse import dbt_events

Key = tuple[object, ...]

_lock = threading.Lock()
_kept: dict[Key, Any] = {}
_drawn: dict[bool, tuple[Any, Any]] = {}
"""Of a parsed project its graph, without and with the edges to its tests."""
_coded: dict[str, Key] = {}
"""Of a node whose SQL is written: where it was written to, and the database that it names."""
_selected: dict[Key, set[str]] = {}
"""What a selector chooses."""


def manifest(project: Path, database: str, parse: Callable[[], Any]) -> Any:
    """The parsed project, read again only when one of its files has changed since.

    Args:
        database: the one that its relations are named in; the only thing of a profile that the parsed project carries.
            Whoever works on several, one after the other (rehearsals, tests), has one reading for all.
        parse: reads the project; its result is kept, None is not.
    """
    key = (str(project), *_stamps(project))
    with _lock:
        if key not in _kept:
            read = parse()
            if read is None:
                return None
            for made_of_another in (_kept, _drawn, _coded, _selected):  # a process works on one project at a time
                made_of_another.clear()
            _kept[key] = read
        _move(_kept[key], database)
        return _kept[key]


def settle() -> None:
    """Let dbt's threads keep their connections, its flags their names, its project its graph. Safe to call again."""
    from dbt.adapters.postgres.connections import PostgresConnectionManager
    from dbt.compilation import Compiler
    from dbt.graph.selector import NodeSelector
    from dbt.plugins.manager import PluginManager
    from dbt_common.behavior_flags import BehaviorFlagRendered
    from dbt_common.clients import agate_helper

    # dbt asks inspect.stack() for each flag of each invocation, which walks through every loaded module: beside Great
    # Expectations that was half of a small night. The name appears in the message about an unset flag, nowhere else.
    BehaviorFlagRendered._default_source = staticmethod(lambda: "dbt")  # type: ignore[method-assign]
    PostgresConnectionManager.release = _release
    PostgresConnectionManager.add_commit_query = _commit
    if Compiler.compile.__module__ != __name__:
        Compiler.compile = _kept_graph(Compiler.compile)
        Compiler.compile_node = _kept_code(Compiler.compile_node)
        NodeSelector.get_selected = _kept_selection(NodeSelector.get_selected)
        PluginManager.get_prefixed_modules = cache(PluginManager.get_prefixed_modules)
        agate_helper.empty_table = cache(agate_helper.empty_table)
    dbt_events.quieten()


def _kept_graph(draw: Callable[..., Any]) -> Callable[..., Any]:
    """dbt's ``Compiler.compile``, which draws the whole graph anew at each invocation, and writes it to disk."""

    def kept(compiler: Any, manifest: Any, write: bool = True, add_test_edges: bool = False) -> Any:
        compiler.initialize()  # makes its folders
        of, graph = _drawn.get(add_test_edges, (None, None))
        if of is not manifest:
            graph = draw(compiler, manifest, write=write, add_test_edges=add_test_edges)
            _drawn[add_test_edges] = manifest, graph
        return graph

    return kept


def _kept_code(write: Callable[..., Any]) -> Callable[..., Any]:
    """dbt's ``Compiler.compile_node``, which writes the SQL of a node: ours depends on nothing but the project."""

    def kept(compiler: Any, node: Any, manifest: Any, *given: Any, **named: Any) -> Any:
        if not _is_kept(manifest):
            return write(compiler, node, manifest, *given, **named)
        place = compiler.config.project_target_path, getattr(node, "database", None)  # a unit test has none
        if _coded.get(node.unique_id) != place:
            node = write(compiler, node, manifest, *given, **named)
            _coded[node.unique_id] = place
        return node

    return kept


def _kept_selection(select: Callable[..., Any]) -> Callable[..., Any]:
    """dbt's ``NodeSelector.get_selected``, which an invocation calls three times."""

    def kept(selector: Any, spec: Any, *given: Any, **named: Any) -> set[str]:
        if not _is_kept(selector.manifest):
            return set(select(selector, spec, *given, **named))
        asked = _said(spec), type(selector), frozenset(getattr(selector, "resource_types", ()))
        if asked not in _selected:
            _selected[asked] = select(selector, spec, *given, **named)
        return set(_selected[asked])

    return kept


def _said(spec: Any) -> object:
    """A selection as a value: its groups are known by their place in memory alone."""
    parts = getattr(spec, "components", None)
    return repr(spec) if parts is None else (type(spec).__name__, *map(_said, parts))


def _is_kept(manifest: Any) -> bool:
    return any(manifest is each for each in _kept.values())


def _move(manifest: Any, database: str) -> None:
    """Name every relation of a parsed project in a database."""
    for node in (*manifest.nodes.values(), *manifest.sources.values()):
        if node.database != database:
            if node.relation_name:
                node.relation_name = node.relation_name.replace(f'"{node.database}".', f'"{database}".', 1)
            node.database = database


def _release(manager: Any) -> None:
    """End a node's transaction and keep its thread's connection, which ``cleanup_all`` closes after the last node."""
    connection = manager.get_if_exists()
    if connection is None or connection.state != "open":
        return
    try:
        connection.handle.rollback()
        connection.transaction_open = False
    except Exception:
        manager.clear_thread_connection()
        raise


def _commit(manager: Any) -> tuple[Any, None]:
    """Commit through psycopg2: of a COMMIT that is sent as a statement it knows nothing, and would begin no other."""
    connection = manager.get_thread_connection()
    connection.handle.commit()
    return connection, None


def _stamps(project: Path) -> list[tuple[str, int, int]]:
    found = ((path, path.stat()) for path in project.rglob("*") if path.suffix in (".sql", ".yml", ".md"))
    return sorted((str(path), status.st_mtime_ns, status.st_size) for path, status in found)
