"""dbt's events, of which it makes some 3,000 a night: those that nobody hears are not written.

Each becomes two messages of Protocol Buffers, filled in field by field, before dbt asks whether any logger wants its
level; ours wants none below ``info``. That took a fifth of a small night (docs/decisions/0033).
"""

from __future__ import annotations

from functools import cached_property
from typing import Any


def quieten() -> None:
    """Have dbt write an event when somebody reads it. Safe to call again."""
    from dbt_common.events.base_types import BaseEvent
    from dbt_common.events.event_manager import EventManager

    if EventManager.fire_event.__module__ == __name__:
        return
    EventManager.fire_event = _heard(EventManager.fire_event)  # type: ignore[method-assign]
    written = BaseEvent.__init__

    def given(event: Any, *args: Any, **fields: Any) -> None:
        event.__dict__["given"] = args, fields

    def message(event: Any) -> Any:
        args, fields = event.__dict__["given"]
        written(event, *args, **fields)
        return event.__dict__["pb_msg"]

    BaseEvent.__init__ = given  # type: ignore[assignment, method-assign]
    BaseEvent.pb_msg = cached_property(message)
    BaseEvent.pb_msg.__set_name__(BaseEvent, "pb_msg")


def _heard(fire: Any) -> Any:
    """dbt's ``EventManager.fire_event``, for what some logger is to write and for warnings, which may be errors."""
    from dbt_common.events.base_types import EventLevel

    unheard = (EventLevel.DEBUG, EventLevel.TEST)

    def fire_event(manager: Any, e: Any, level: Any = None, *given: Any, **named: Any) -> None:
        if (level or e.level_tag()) in unheard and not any(logger.level in unheard for logger in manager.loggers):
            return
        fire(manager, e, level, *given, **named)

    return fire_event
