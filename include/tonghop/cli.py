"""The command line. Exit codes: 0 done; 1 done, but something is withheld, held or inconsistent; 2 bad use or input."""

from __future__ import annotations

import errno
import importlib
import sys
import traceback
from datetime import datetime
from pathlib import Path

import click
import psycopg2

from tonghop.errors import NightHeld, TonghopError
from tonghop.settings import settings

# Where each command lives; a module is imported only when its command runs (or its help is asked for).
COMMANDS = {
    "up": "server:up_command",
    "down": "server:down_command",
    "demo": "server:demo_command",
    "airflow": "server:airflow_command",
    "init": "warehouse:init_command",
    "url": "warehouse:url_command",
    "sql": "warehouse:sql_command",
    "export": "export:export_command",
    "releases": "releases:releases_command",
    "diff": "releases:diff_command",
    "restore": "releases:restore_command",
    "reference": "reference:reference_group",
    "find": "units:find_command",
    "trace": "trace:trace_command",
    "template": "submissions:template_command",
    "submit": "submissions:submit_command",
    "withdraw": "submissions:withdraw_command",
    "ingest": "submissions:ingest_command",
    "check": "check:check_command",
    "mapping": "mapping:mapping_group",
    "submissions": "ledger:submissions_group",
    "check-report": "narrative:check_report_command",
    "rollup": "night:rollup_command",
    "summary": "summary:summary_command",
    "sign-off": "signoff:sign_off_command",
    "reject": "signoff:reject_command",
    "findings": "stewardship:findings_command",
    "waive": "stewardship:waive_command",
    "return": "stewardship:return_command",
    "assign": "stewardship:assign_command",
    "close": "stewardship:close_command",
    "reopen": "stewardship:reopen_command",
    "report": "stewardship:report_command",
    "bench": "bench:bench_command",
}


_LOOK = "Check that it exists and that you may read or write it."
_REMEDIES = {errno.ENOSPC: "The disk is full: free some space and run the command again; that is safe.",
             errno.EDQUOT: "Your quota is used up: free some space and run the command again; that is safe."}


class LazyGroup(click.Group):
    """A group that imports a command's module only when that command is asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        module, attribute = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(importlib.import_module(f"tonghop.commands.{module}"), attribute)
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(package_name="tonghop")
def root() -> None:
    """Tổng hợp: returns of many units, rolled up a dated hierarchy, judged before they are published.

    Exit codes: 0 done; 1 done, but something is withheld, held or inconsistent; 2 bad use or bad input.
    """


def main(arguments: list[str] | None = None) -> int:
    """Run one command; errors are one line on stderr saying what to do. Returns (and exits with) the exit code."""
    try:
        outcome = root.main(args=arguments, prog_name="tonghop", standalone_mode=False)
        code = outcome if isinstance(outcome, int) else 0
    except click.exceptions.Exit as stop:
        code = stop.exit_code
    except click.ClickException as error:
        where = error.ctx.command_path if isinstance(error, click.UsageError) and error.ctx else "tonghop"
        code = _say(f"{error.format_message()} See '{where} --help'.", 2)
    except (click.Abort, KeyboardInterrupt):
        code = _say("Stopped by Ctrl-C; running the command again is safe.", 130)
    except NightHeld as held:
        code = _say(str(held), 1)
    except TonghopError as error:
        code = _say(str(error), 2)
    except psycopg2.OperationalError as error:
        code = _say(f"PostgreSQL: {str(error).strip().splitlines()[0]}. Check that the server runs ('tonghop up').", 2)
    except BrokenPipeError:
        sys.stderr.close()
        code = 0
    except OSError as error:
        remedy = _REMEDIES.get(error.errno or 0, _LOOK)
        code = _say(f"{error.filename or 'A file'}: {error.strerror or error}. {remedy}", 2)
    except Exception as error:
        code = _say(f"Unexpected {type(error).__name__}: {error}. Please report it with {_keep_trace()}.", 2)
    sys.exit(code)


def _keep_trace() -> Path:
    """Keep the stack of an error that is our fault where it can be found; returns the file."""
    path = settings().state_dir / "log" / "errors.log"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(f"--- {datetime.now().astimezone().isoformat()} {' '.join(sys.argv)}\n{traceback.format_exc()}\n")
    return path


def _say(message: str, code: int) -> int:
    click.echo(f"tonghop: {' '.join(message.split())}", err=True)
    return code
