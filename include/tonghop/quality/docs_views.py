"""Great Expectations' pages of Data Docs, their templates compiled once a process and not once a page.

A night writes the docs of seven sittings; Great Expectations compiles fifteen templates anew for each section of each.
"""

from __future__ import annotations

from typing import Any

from great_expectations.render.view import DefaultJinjaIndexPageView, DefaultJinjaPageView
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

_MODULE = __name__


class _InMemory(BytecodeCache):
    """Compiled templates by their key; Jinja checks each against its source."""

    def __init__(self) -> None:
        self._codes: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self._codes:
            bucket.bytecode_from_string(self._codes[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._codes[bucket.key] = bucket.bytecode_to_string()


_compiled = _InMemory()


class PageView(DefaultJinjaPageView):  # type: ignore[misc]
    """A suite's page, or a validation's."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.env.bytecode_cache = _compiled


class IndexView(DefaultJinjaIndexPageView):  # type: ignore[misc]
    """The first page of a gate."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.env.bytecode_cache = _compiled


def site(folder: str) -> dict[str, Any]:
    """How Great Expectations is to build the site of one gate in ``folder``."""
    page, index = ({"module_name": _MODULE, "class_name": view.__name__} for view in (PageView, IndexView))
    return {
        "class_name": "SiteBuilder",
        "show_how_to_buttons": False,
        "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": folder},
        "site_index_builder": {"class_name": "DefaultSiteIndexBuilder", "view": index},
        "site_section_builders": {"expectations": {"view": page}, "validations": {"view": page}, "profiling": "None"},
    }
