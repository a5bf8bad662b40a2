"""The walls of the house: which room may import which, who reads the environment, how long a file may get."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "include" / "tonghop"
SOURCES = sorted([*PACKAGE.rglob("*.py"), *(ROOT / "expectations").rglob("*.py"), *(ROOT / "dags").glob("*.py")])

# A room may import rooms of a lower floor, and itself.
FLOORS = {
    "clock": 0, "errors": 0, "settings": 0, "suggestions": 0, "text": 0,
    "warehouse": 1,
    "reference": 2,
    "narrative": 3,
    "submissions": 4, "quality": 4,
    "reports": 5, "exports": 5,
    "night": 6,
    "rehearsal": 7,
    "orchestration": 8,
    "commands": 9,
    "cli": 10,
}


def imports_of(path: Path) -> set[str]:
    """Dotted names of all modules that a file imports, wherever in the file."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def test_the_sources_are_seen() -> None:
    assert len(SOURCES) > 60
    assert {room_of(path) for path in PACKAGE.rglob("*.py")} - {"__init__"} == set(FLOORS)


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_arrows_point_down(path: Path) -> None:
    # Without this: a report that computes, a warehouse that knows of nights, a circle that nobody can untie.
    room = room_of(path)
    rooms = {name.split(".")[1] for name in imports_of(path) if name.startswith("tonghop.")} & set(FLOORS)
    wrong = {other for other in rooms if other != room and FLOORS[other] >= FLOORS.get(room, 0)}
    assert not wrong, f"{path.name} in '{room}' imports {wrong}"


def test_expectations_know_nothing_of_the_package() -> None:
    for path in (ROOT / "expectations").rglob("*.py"):
        assert not {name for name in imports_of(path) if name.split(".")[0] in ("tonghop", "airflow")}, path


def test_airflow_is_imported_only_where_it_belongs() -> None:
    users = {path for path in SOURCES if any(name.split(".")[0] == "airflow" for name in imports_of(path))}
    assert users, "nobody imports Airflow: this test sees nothing"
    assert all("dags" in path.parts or "orchestration" in path.parts for path in users), users


def test_models_of_the_register_are_pure() -> None:
    for name in ("models.py", "check.py", "changes.py", "draft.py", "plan.py", "judge.py", "revise.py", "differences.py"):
        assert not imports_of(PACKAGE / "reference" / name) & {"psycopg2", "tonghop.warehouse", "airflow"}


def test_the_environment_is_read_in_one_place() -> None:
    """Settings read it; a child process of the Airflow stack inherits it whole (its inbox may need credentials)."""
    readers = {
        str(path.relative_to(ROOT)) for path in SOURCES
        if any(isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv")
               and isinstance(node.value, ast.Name) and node.value.id == "os"
               for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    }
    assert readers <= {"include/tonghop/settings.py", "include/tonghop/orchestration/components.py"}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_stay_short(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


def test_no_sql_is_made_of_data() -> None:
    """The linter looks for SQL made by string formatting; only the rules' own texts may be composed."""
    lint = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]["lint"]
    assert "S" in lint["select"]
    assert "S608" not in lint["ignore"]
    excused = {name for name, rules in lint["per-file-ignores"].items() if "S608" in rules}
    assert excused == {"include/tonghop/quality/findings.py", "expectations/rule.py"}


def test_build_files_name_no_address() -> None:
    files = [ROOT / name for name in ("requirements.lock", "pyproject.toml", "Makefile", "Dockerfile", ".ci/run")]
    for path in files:
        assert "://" not in path.read_text(encoding="utf-8"), path
