"""``tonghop up``, ``down``, ``demo`` and ``airflow``."""

from __future__ import annotations

import sys

import click

from tonghop.settings import settings


def _say(line: str) -> None:
    click.echo(line)
    sys.stdout.flush()


@click.command(name="up")
def up_command() -> None:
    """Start PostgreSQL and Airflow, and keep them running: every night rolls up by itself."""
    from tonghop.orchestration import stack

    stack.up(settings(), _say)


@click.command(name="down")
def down_command() -> None:
    """Stop everything that runs, in the middle of a night too. Running 'up' again is always safe."""
    from tonghop.orchestration import stack

    stack.down(settings(), _say)


@click.command(name="demo")
@click.option("--keep/--no-keep", default=False, help="Leave everything running afterwards.")
def demo_command(keep: bool) -> None:
    """Submit the sample, run one night on it and show what was published."""
    from tonghop.orchestration.demo import run_demo

    run_demo(settings(), keep, _say)


@click.command(name="airflow", context_settings={"ignore_unknown_options": True})
@click.option("--api-host", envvar="TONGHOP_API_HOST", default="127.0.0.1", show_default=True,
              help="The interface the api-server listens on.")
@click.option("--api-port", envvar="TONGHOP_API_PORT", default=8080, show_default=True, help="Its port.")
@click.option("--api-url", envvar="TONGHOP_API_URL", default="", help="Where the other parts reach it.")
@click.option("--broker", envvar="TONGHOP_BROKER_URL", default=None, help="URL of the Redis of the Celery workers.")
@click.argument("component")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def airflow_command(  # noqa: PLR0913, PLR0917 - click hands over one argument an option
    api_host: str, api_port: int, api_url: str, broker: str | None, component: str, arguments: tuple[str, ...]
) -> None:
    """Run one part of Airflow, configured by the settings: what 'up' and docker-compose.yml start.

    COMPONENT is api-server, scheduler, dag-processor, triggerer, worker; 'init' (prepare the databases, then end);
    'health PART' (exit 0 when it is healthy); or any other command of Airflow.
    """
    from tonghop.orchestration.network import Network

    network = Network(api_port, api_host, api_url, broker)
    if component == "health":
        if len(arguments) != 1:
            raise click.UsageError("'health' asks for one PART, e.g. 'health scheduler'.")
        from tonghop.orchestration.health import require_healthy

        require_healthy(network, arguments[0])
        return
    from tonghop.orchestration import components

    if component == "init":
        components.prepare(settings(), network, migrate_always=True)
    else:
        components.become(settings(), network, component, arguments)
