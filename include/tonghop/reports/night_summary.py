"""One paragraph about one night, in Vietnamese and English: how it ended, what it found, where to look."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from tonghop.errors import TonghopError
from tonghop.reports.pages import rule as rule_words
from tonghop.reports.pages import word
from tonghop.reports.reading import Row, read
from tonghop.reports.vietnamese import NOTHING, duration, moment, number, percent
from tonghop.settings import Settings
from tonghop.warehouse.connection import connect

CHANGES_SHOWN = 3
RULES_SHOWN = 3
_PROVINCES_SHOWN = 5
_PROBLEM_CHARS = 300
_GREEN = ("published", "unchanged")
_USER_IN_URL = re.compile(r"(?<=://)[^/\s@]+@")
_PASSWORD = re.compile(r"(?i)\b(password|passwd|token|secret)\s*[=:]\s*\S+")

Both = tuple[str, str]
"""A text in Vietnamese, and in English."""


@dataclass(frozen=True)
class Night:
    """What is told of a night.

    Attributes:
        run: the row of ``night_summary_run.sql``.
        findings: by severity ``new``, ``open`` (now) and ``corrected``.
        rules: by rule and severity what was ``found``, what is ``open``, and the ``problem`` of a gate that broke.
        changes: the figures that the candidate moved most, as of ``blast_listed.sql``.
        moved: how many figures of each level ``appear``, ``vanish`` and ``change``.
        held: the provinces held whole, with their periods.
        steps: the steps with their ``seconds``.
    """

    run: Row
    findings: list[Row]
    rules: list[Row]
    changes: list[Row]
    moved: list[Row]
    held: list[Row]
    steps: list[Row]

    @property
    def is_green(self) -> bool:
        """Whether nobody has to do anything that was not to be done yesterday.

        It published or had nothing to publish, no error is new, no province is held whole, no gate broke.
        """
        new_errors = sum(row["new"] for row in self.findings if row["severity"] == "error")
        broken = any(row["problem"] for row in self.rules)
        return self.run["status"] in _GREEN and not (new_errors or self.held or broken)


def read_night(settings: Settings, run_id: str | None = None, *, begun_by: str | None = None) -> Night:
    """A night by its id, or by who began it (a DAG run); neither: the newest.

    Raises:
        TonghopError: there is no such night.
    """
    with connect(settings, "steward") as connection:
        connection.set_session(isolation_level="REPEATABLE READ", readonly=True)
        found = read(connection, settings, "night_summary_run", run_id=run_id, begun_by=begun_by)
        if not found:
            what = f"There is no night {run_id or begun_by or ''}".rstrip() + "."
            raise TonghopError(what, "'tonghop rollup' runs one; ops.run lists them all.")
        night = {"run_id": found[0]["run_id"]}
        return Night(
            run=found[0],
            findings=read(connection, settings, "night_summary_findings", **night),
            rules=read(connection, settings, "night_summary_rules", **night),
            changes=read(connection, settings, "blast_listed", **night, level=None, indicator=None,
                         shown=CHANGES_SHOWN),
            moved=read(connection, settings, "blast_summary", **night),
            held=read(connection, settings, "night_summary_held", **night),
            steps=read(connection, settings, "night_summary_steps", **night),
        )


def read_nodes(settings: Settings, run_id: str, nodes: int | None) -> list[Row]:
    """The dbt nodes of a night that took longest (None: all)."""
    with connect(settings, "steward") as connection:
        return read(connection, settings, "night_summary_nodes", run_id=run_id, nodes=nodes)


def paragraph(night: Night, looks: Sequence[str]) -> Both:
    """The night in one paragraph.

    Args:
        looks: addresses, paths or commands where more stands.
    """
    sentences = [_outcome(night.run), _work(night.run), _found(night), _kept_back(night), _changed(night),
                 _worst(night), _broken(night)]
    told = [each for each in sentences if each is not None]
    where = "; ".join(looks)
    vi = " ".join(f"{sentence[0]}." for sentence in told) + (f" Xem: {where}" if looks else "")
    en = " ".join(f"{sentence[1]}." for sentence in told) + (f" See: {where}" if looks else "")
    return plain(vi), plain(en)


def headline(night: Night) -> Both:
    """How the night ended, in a few words."""
    return tuple(plain(text) for text in _outcome(night.run))  # type: ignore[return-value]


def looks(settings: Settings, night: Night) -> list[str]:
    """Where more stands about a night: its pages, the Data Docs of its gates, and the command that says more."""
    pages = plain_link(settings.pages_url).rstrip("/") if settings.pages_url else str(settings.reports_dir)
    found = [f"{pages}/index.html"] if (settings.reports_dir / "index.html").exists() else []
    if (settings.reports_dir / "data_docs" / night.run["run_id"]).exists():
        found.append(f"{pages}/data_docs/index.html")
    return [*found, f"'tonghop summary {night.run['run_id']} --nodes 10'"]


def plain_link(url: str) -> str:
    """An address without name, password, query and fragment: it may be read by anybody it is sent to."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


def plain(text: str) -> str:
    """A text without what an error message may carry of passwords, on one line."""
    return " ".join(_PASSWORD.sub(r"\1=…", _USER_IN_URL.sub("", text)).split())


def as_data(night: Night) -> dict[str, Any]:
    """The same night for a machine; moments as ISO texts.

    Returns:
        ``run_id``, ``status``, ``is_green``, ``release_id``, ``started_at``, ``finished_at``, ``seconds`` of work,
        ``periods``, ``provinces``, ``withheld``, ``provinces_held``, ``findings`` by severity and ``steps``.
    """
    run = night.run
    said = {name: run[name] for name in ("run_id", "kind", "status", "release_id", "current_release_id", "seconds",
                                         "periods", "provinces", "withheld", "signatures")}
    moments = {name: run[name].isoformat() if run[name] else None for name in ("started_at", "finished_at", "due_at")}
    return {
        **said, **moments, "problem": plain(run["problem"])[:_PROBLEM_CHARS] if run["problem"] else None,
        "is_green": night.is_green,
        "provinces_held": [row["province_unit_id"] for row in night.held],
        "findings": {row["severity"]: {name: row[name] for name in ("new", "open", "corrected")}
                     for row in night.findings},
        "steps": {row["step"]: row["seconds"] for row in night.steps},
    }


def _outcome(run: Row) -> Both:
    vi, en = word(run["status"], "night")
    if run["status"] == "published":
        vi, en = f"{vi} lần {run['release_id']}", f"{en} release {run['release_id']}"
    elif run["status"] == "unchanged":
        stands = run["current_release_id"] or NOTHING
        vi, en = f"{vi}, lần công bố {stands} giữ nguyên", f"{en}, release {stands} stands"
    elif run["status"] == "awaiting":
        vi = f"{vi}: cần {run['signatures']} chữ ký trước {moment(run['due_at'])}"
        en = f"{en}: {run['signatures']} signature(s) until {moment(run['due_at'])}"
    elif run["problem"]:
        problem = run["problem"][:_PROBLEM_CHARS].rstrip(" .")
        vi, en = f"{vi} ({problem})", f"{en} ({problem})"
    began = moment(run["started_at"])
    return f"Đêm {run['run_id']} ({began}): {vi}", f"Night {run['run_id']} ({began}): {en}"


def _work(run: Row) -> Both | None:
    if not run["periods"]:
        return None
    vi, en = duration(run["seconds"])
    first, last = run["first_period"], run["last_period"]
    between = first if first == last else f"{first} – {last}"
    return (f"Làm việc {vi}, tính lại {number(run['periods'])} kỳ ({between}) của {number(run['provinces'])} tỉnh",
            f"{en} of work, {run['periods']} period(s) ({between}) of {run['provinces']} province(s) rebuilt")


def _found(night: Night) -> Both:
    told_vi, told_en = [], []
    for row in night.findings:
        vi, en = word(row["severity"], "severity")
        told_vi.append(f"{vi.lower()} {number(row['open'])} (mới {number(row['new'])},"
                       f" đã sửa {number(row['corrected'])})")
        told_en.append(f"{row['open']} {en}(s) open ({row['new']} new, {row['corrected']} corrected)")
    return "Chưa xử lý: " + "; ".join(told_vi), "Findings: " + "; ".join(told_en)


def _kept_back(night: Night) -> Both | None:
    if night.run["withheld"] is None:
        return None
    amount = night.run["withheld"]
    vi, en = f"Giữ lại {number(amount)} số liệu", f"{amount} figure(s) withheld"
    if night.held:
        names = [f"{row['province_name']} ({', '.join(row['periods'])})" for row in night.held[:_PROVINCES_SHOWN]]
        more = len(night.held) - len(names)
        listed = ", ".join(names) + (f", +{more}" if more else "")
        vi, en = f"{vi}; giữ cả tỉnh: {listed}", f"{en}; held whole: {listed}"
    return vi, en


def _changed(night: Night) -> Both | None:
    if not night.changes:
        return None
    total = sum(row["appear"] + row["vanish"] + row["change"] for row in night.moved)
    listed = "; ".join(_change(row) for row in night.changes)
    is_out = night.run["status"] in _GREEN
    return (f"{'Đã đổi' if is_out else 'Sẽ đổi'} {number(total)} số; lớn nhất: {listed}",
            f"{total} figure(s) {'moved' if is_out else 'would move'}, the largest: {listed}")


def _change(row: Row) -> str:
    """One figure before and after: "Cả nước study_class 2012-05: – → 470/500 (94 %)"."""
    who = row["unit_name"] or row["unit_id"]
    return f"{who} {row['indicator']} {row['period']}: {_side(row, 'before')} → {_side(row, 'after')}"


def _side(row: Row, side: str) -> str:
    if row[f"{side}_basis"] is None:
        return NOTHING
    shown = number(row[f"{side}_numerator"])
    if row[f"{side}_denominator"] is not None:
        shown += f"/{number(row[f'{side}_denominator'])}"
    return shown + (f" ({percent(row[f'{side}_rate'])})" if row[f"{side}_rate"] is not None else "")


def _worst(night: Night) -> Both | None:
    """The rules that found most among the severest that found anything."""
    found = [row for row in night.rules if row["found"]]
    if not found:
        return None
    worst = [row for row in found if row["severity"] == found[0]["severity"]][:RULES_SHOWN]
    vi, en = (", ".join(f"{row['rule']} {rule_words(row['rule'])['title'][language]} ({number(row['found'])})"
                        for row in worst) for language in (0, 1))
    return f"Nhiều nhất: {vi}", f"Most found: {en}"


def _broken(night: Night) -> Both | None:
    broken = [row for row in night.rules if row["problem"]]
    if not broken:
        return None
    listed = "; ".join(f"{row['rule']}: {row['problem'][:_PROBLEM_CHARS]}" for row in broken[:RULES_SHOWN])
    return f"Bước kiểm tra bị hỏng: {listed}", f"A gate broke: {listed}"
