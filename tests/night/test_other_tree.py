"""A tree that a user adds as data: its groupings, where provinces stand in it, and the indicators that climb it."""

from __future__ import annotations

from pathlib import Path

from tests.night.conftest import HEADER, as_analyst, run_night
from tonghop.reference import load as reference
from tonghop.settings import Settings
from tonghop.submissions import inbox

FILES = {
    "hierarchies": "hierarchy,name_vi,name_en,note\nregion,theo vùng,by region,\n",
    "groupings": "unit_id,code,name,ascii_name,type,hierarchy,parent_unit_id,valid_from,valid_to\n"
                 "R-N,R-N,Miền Bắc,Mien Bac,bloc,region,VN,,\nR-S,R-S,Miền Nam,Mien Nam,bloc,region,VN,,\n",
    # Quảng Trị moves from one region to the other between the two periods
    "placements": "hierarchy,unit_id,unit_type,parent_unit_id,valid_from,valid_to\n"
                  "region,A-24,,R-N,,\nregion,A-60,,R-S,,\n"
                  "region,A-45,,R-N,,2012-05-31\nregion,A-45,,R-S,2012-06-01,\n",
    "indicators": "indicator,group,name_vi,name_en,kind,population,reported_by,cumulative,part_of,parts_are_all,complement_of,"
                  "nested_in,may_exceed_one,source_report,hierarchies\n"
                  "both_trees,plan,hai cây,both trees,ratio,province,province,no,,,,,no,,territorial|region\n"
                  "region_alone,plan,một cây,one tree,ratio,province,province,no,,,,,no,,region\n",
}


def test_a_tree_is_data(warehouse: Settings, tmp_path: Path) -> None:
    """Without it a user who groups provinces otherwise would have to write a model, and could count one twice."""
    folder = tmp_path / "regions"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    reference.add_overlay(warehouse, folder)
    reference.load(warehouse)
    for sender, done in (("24", 1), ("60", 0), ("45", 1)):
        path = tmp_path / f"{sender}.csv"
        path.write_text(HEADER + "".join(
            f"{sender},{indicator},{period},own,{done},1,,\n"
            for indicator in ("both_trees", "region_alone") for period in ("2012-05", "2012-06")), encoding="utf-8")
        inbox.ingest_sender(warehouse, sender, whole=[inbox.submit(warehouse, path, sender)])
    assert run_night(warehouse)

    def figures(indicator: str, period: str) -> dict[str, tuple[str, int, int, int]]:
        found = as_analyst(warehouse, "select unit_id, hierarchy, numerator, denominator, expected_units from marts.fct_rollup"
                                      " where indicator = %s and period = %s and level <> 'province'", indicator, period)
        return {unit: tuple(rest) for unit, *rest in found}  # type: ignore[misc]

    may, june = figures("both_trees", "2012-05"), figures("both_trees", "2012-06")
    assert may["R-N"] == ("region", 2, 2, 2)
    assert may["R-S"] == ("region", 0, 1, 1)
    assert june["R-N"] == ("region", 1, 1, 1)
    assert june["R-S"] == ("region", 1, 2, 2), "its place is that of the period's end"
    assert may["VN"] == june["VN"] == ("territorial", 2, 3, 63)
    assert {unit for unit, each in may.items() if each[0] == "territorial"} >= {"VN", "V-1"}

    alone = figures("region_alone", "2012-05")
    assert set(alone) == {"VN", "R-N", "R-S"}, "an indicator that does not climb the territorial tree has no departments"
    assert alone["VN"] == ("region", 2, 3, 63), "provinces that are placed nowhere still count in the nation"
    restated = as_analyst(warehouse, "select distinct indicator from marts.fct_rollup_restated")
    assert restated == [("both_trees",)]
