"""SDMX-CSV 2.0, with the structure of what it holds beside it (SDMX-JSON 2.0), written by pysdmx.

The library needs pandas and pyarrow's types, so it is imported where it is used.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from tonghop.errors import TonghopError
from tonghop.exports.asking import Asked, Column
from tonghop.exports.flow import Batches, as_text, plain

if TYPE_CHECKING:
    from pysdmx.model import Component, Concept, DataStructureDefinition

AGENCY = "TONGHOP"
VERSION = "1.0"
_SCHEME = "CS_TONGHOP"
_TYPES = {"integer": "LONG", "decimal": "DECIMAL", "number": "DOUBLE", "boolean": "BOOLEAN", "date": "DATE",
          "moment": "DATE_TIME", "texts": "STRING", "text": "STRING"}


@cache
def _structures() -> dict[str, dict[str, list[str]]]:
    loaded: dict[str, dict[str, list[str]]] = yaml.safe_load(
        Path(__file__).with_name("structures.yml").read_text(encoding="utf-8"))
    return loaded


def require_structure(name: str) -> None:
    """Refuse what has no structure.

    Raises:
        TonghopError: it is a query, or a mart without a key of units and periods.
    """
    if name not in _structures():
        raise TonghopError(f"{name} has no SDMX structure.",
                           f"sdmx-csv is for {', '.join(_structures())}; export anything else as csv or parquet.")


def structure_path(path: Path) -> Path:
    """Where the structure of a data file stands: beside it."""
    return path.with_name(f"{path.name}.structure.json")


def write(path: Path, asked: Asked, rows: Batches) -> int:
    """Write the rows; returns how many. Numbers are written in full, a batch at a time."""
    import pandas as pd  # type: ignore[import-untyped]
    from pysdmx.io.csv.sdmx20.writer import write as write_csv
    from pysdmx.io.pd import PandasDataset

    # The library carries decimals as doubles; as texts they reach the file digit by digit.
    schema = _definition(asked, as_texts=True).to_schema()
    columns = _in_order(asked)
    written = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        for batch in _one_at_least(rows):
            data = pd.DataFrame(
                [[as_text(plain(column, row[place])) for place, column in columns] for row in batch],
                columns=[_component_id(column.name) for _, column in columns], dtype="object",
            )
            text = write_csv([PandasDataset(structure=schema, data=data)]) or ""
            file.write(text if not written else text.partition("\n")[2])
            written += len(batch)
    return written


def write_structure(path: Path, asked: Asked) -> None:
    """Write the structure: dimensions, measures and attributes with their types and the comments of the columns."""
    from pysdmx.io.json.sdmxjson2.writer.v2_0.structure import write as write_json
    from pysdmx.model import ConceptScheme, Organisation
    from pysdmx.model.message import Header

    definition = _definition(asked)
    scheme = ConceptScheme(_SCHEME, agency=AGENCY, version=VERSION, name="Tổng hợp",
                           items=[_concept(column) for _, column in _in_order(asked)])
    header = Header(id=f"{AGENCY}_{asked.name}".upper(), prepared=datetime.now(UTC), sender=Organisation(AGENCY))
    told = json.loads(write_json([scheme, definition], header=header) or "{}")
    for structure in told["data"]["dataStructures"]:
        # The library (1.21) writes an empty list of groups, which the schema of SDMX-JSON forbids.
        if not structure["dataStructureComponents"].get("groups", True):
            del structure["dataStructureComponents"]["groups"]
    path.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def _definition(asked: Asked, *, as_texts: bool = False) -> DataStructureDefinition:
    from pysdmx.model import Components, DataStructureDefinition

    return DataStructureDefinition(
        asked.name.upper(), agency=AGENCY, version=VERSION, name=asked.name,
        components=Components([_component(asked.name, column, as_texts) for _, column in _in_order(asked)]),
    )


def _component(mart: str, column: Column, as_texts: bool) -> Component:
    from pysdmx.model import Component, Role

    shape = _structures()[mart]
    role = (Role.DIMENSION if column.name in shape["dimensions"]
            else Role.MEASURE if column.name in shape["measures"] else Role.ATTRIBUTE)
    concept = _concept(column, as_texts=as_texts)
    return Component(concept.id, required=role == Role.DIMENSION, role=role, concept=concept, local_dtype=concept.dtype,
                     attachment_level="O" if role == Role.ATTRIBUTE else None)


def _concept(column: Column, *, as_texts: bool = False) -> Concept:
    from pysdmx.model import Concept, DataType

    name = _component_id(column.name)
    data_type = "STRING" if as_texts else "PERIOD" if column.name == "period" else _TYPES[column.kind]
    return Concept(name, name=column.name, description=column.meaning or None, dtype=DataType[data_type],
                   urn=f"urn:sdmx:org.sdmx.infomodel.conceptscheme.Concept={AGENCY}:{_SCHEME}({VERSION}).{name}")


def _in_order(asked: Asked) -> list[tuple[int, Column]]:
    """Dimensions, measures, attributes: each with its place in a row."""
    shape = _structures()[asked.name]
    first = [*shape["dimensions"], *shape["measures"]]
    placed = list(enumerate(asked.columns))
    return sorted(placed, key=lambda item: first.index(item[1].name) if item[1].name in first else len(first) + item[0])


def _component_id(column: str) -> str:
    return "TIME_PERIOD" if column == "period" else column.upper()


def _one_at_least(rows: Batches) -> Batches:
    """The batches; an empty one if there is none, so that a file without rows has its header."""
    seen = False
    for batch in rows:
        seen = True
        yield batch
    if not seen:
        yield []
