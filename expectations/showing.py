"""An expectation that no row breaks a condition, and how it shows itself: its sentence, its numbers, the rows.

Rows are fetched only when there are any, so whoever breaks nothing pays nothing.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, ClassVar

from great_expectations.expectations.expectation import BatchExpectation, render_suite_parameter_string
from great_expectations.render import LegacyDiagnosticRendererType, LegacyRendererType, RenderedStringTemplateContent
from great_expectations.render.components import RenderedTableContent
from great_expectations.render.renderer.renderer import renderer
from great_expectations.render.renderer_configuration import RendererConfiguration, RendererValueType

from expectations.broken_rows import BROKEN_ROWS, ROW_COUNT, ask

_SHOWN_LETTERS = 200
_NOTHING = "∅"


class NoBrokenRows(BatchExpectation):
    """Base of the rules of the gates and of the expectations for any table.

    Subclasses fill ``broken_where`` (SQL, true where a row is broken) before validation, and say what they expect.
    """

    metric_dependencies: ClassVar[tuple[str, ...]] = (BROKEN_ROWS, ROW_COUNT)
    success_keys: ClassVar[tuple[str, ...]] = ("broken_where",)

    broken_where: str = ""

    @classmethod
    def sentence(cls, fields: dict[str, Any], meta: dict[str, Any]) -> tuple[str, dict[str, str]]:
        """What is expected, as a template with ``$names``, and what these stand for."""
        raise NotImplementedError

    @classmethod
    def shown(cls, fields: dict[str, Any]) -> dict[str, str]:
        """The columns of the sample of broken rows: a heading and its SQL."""
        raise NotImplementedError

    def _counted(self, metrics: dict[str, Any]) -> tuple[int, int]:
        return int(metrics[BROKEN_ROWS]), int(metrics[ROW_COUNT])

    def _source(self) -> str:
        """Where the sample is taken from: the batch, or a query over it."""
        return "batch"

    def _validate(
        self,
        metrics: dict[str, Any],
        runtime_configuration: dict[str, Any] | None = None,
        execution_engine: Any = None,
    ) -> dict[str, Any]:
        broken, judged = self._counted(metrics)
        result = as_result(broken, judged)
        wanted = self._get_result_format(runtime_configuration=runtime_configuration)
        rows = wanted.get("partial_unexpected_count", 0) if isinstance(wanted, dict) else 0
        if broken and rows:
            asked = ", ".join(f'{sql} as "{heading}"' for heading, sql in self.shown(self.dict()).items())
            asked = f"select {asked} from {self._source()} where {self.broken_where} limit {int(rows)}"  # noqa: S608
            result["partial_unexpected_list"] = as_shown(ask(execution_engine, self._get_domain_kwargs(), asked))
        return {"success": broken == 0, "result": result}

    @classmethod
    def _fields(cls, configuration: Any) -> dict[str, Any]:
        """The fields of a configuration; it leaves out those that have their default."""
        return {**{name: field.default for name, field in cls.__fields__.items()}, **dict(configuration.kwargs)}

    @classmethod
    def _prescriptive_template(cls, renderer_configuration: RendererConfiguration) -> RendererConfiguration:
        configuration = renderer_configuration.configuration or renderer_configuration.result.expectation_config
        template, params = cls.sentence(cls._fields(configuration), configuration.meta or {})
        for name, value in params.items():
            renderer_configuration.add_param(name=name, param_type=RendererValueType.STRING, value=value)
        renderer_configuration.template_str = template
        return renderer_configuration

    @classmethod
    @renderer(renderer_type=LegacyRendererType.PRESCRIPTIVE)
    @render_suite_parameter_string
    def _prescriptive_renderer(
        cls, configuration: Any = None, result: Any = None, runtime_configuration: dict[str, Any] | None = None,
        **_: Any,
    ) -> list[RenderedStringTemplateContent]:
        configuration = configuration or result.expectation_config
        template, params = cls.sentence(cls._fields(configuration), configuration.meta or {})
        return [RenderedStringTemplateContent(
            content_block_type="string_template",
            string_template={"template": template, "params": params,
                             "styling": (runtime_configuration or {}).get("styling", {})},
        )]

    @classmethod
    @renderer(renderer_type=LegacyDiagnosticRendererType.UNEXPECTED_TABLE)
    def _diagnostic_unexpected_table_renderer(
        cls, configuration: Any = None, result: Any = None, runtime_configuration: dict[str, Any] | None = None,
        **_: Any,
    ) -> list[RenderedTableContent] | None:
        rows = ((result.result if result is not None else None) or {}).get("partial_unexpected_list")
        if not rows:
            return None
        # Results are kept with their keys sorted: the order is the expectation's own.
        headings = [name for name in cls.shown(cls._fields(result.expectation_config)) if name in rows[0]]
        return [RenderedTableContent(
            content_block_type="table",
            table=[[_cell(row[name]) for name in headings] for row in rows],
            header_row=headings,
            styling={"body": {"classes": ["table-bordered", "table-sm", "mt-3"]}},
        )]


def as_result(broken: int, judged: int) -> dict[str, Any]:
    """What Great Expectations keeps of a verdict; ``observed_value`` is the full number of broken rows."""
    return {"observed_value": broken, "element_count": judged, "unexpected_count": broken,
            "unexpected_percent": 100 * broken / judged if judged else 0.0}


def as_shown(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rows in the words of JSON, as results are kept."""
    return [{name: _as_json(value) for name, value in row.items()} for row in rows]


def _as_json(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    return value if value is None or isinstance(value, (str, int, float)) else str(value)


def _cell(value: Any) -> str:
    text = _NOTHING if value is None else str(value)
    return text if len(text) <= _SHOWN_LETTERS else text[:_SHOWN_LETTERS] + "…"
