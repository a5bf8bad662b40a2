"""The gates, imported without what they never use: Great Expectations pulls in all of scipy.stats, for seconds."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from types import ModuleType

_UNUSED = ("scipy.stats",)
"""For expectations that no rule of ours is. Whoever touches one after all gets the real module at that moment."""


def gates() -> ModuleType:
    """The module ``tonghop.quality.gate``; seconds the first time, so call it only where a gate sits."""
    for name in _UNUSED:
        _defer(name)
    return importlib.import_module("tonghop.quality.gate")


def _defer(name: str) -> None:
    """Have a module loaded when it is first used, not when it is first imported (the standard library's LazyLoader)."""
    spec = None if name in sys.modules else importlib.util.find_spec(name)
    if spec is None or spec.loader is None:
        return
    spec.loader = importlib.util.LazyLoader(spec.loader)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    parent, _, child = name.rpartition(".")
    setattr(sys.modules[parent], child, module)
