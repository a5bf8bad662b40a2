"""Is one of Airflow's parts healthy? Asked by the health checks of ``docker-compose.yml``."""

from __future__ import annotations

import socket

from tonghop.errors import TonghopError
from tonghop.orchestration.api import health
from tonghop.orchestration.network import Network


def require_healthy(network: Network, part: str) -> None:
    """Return when the part is healthy.

    Args:
        part: api-server, scheduler, dag-processor or triggerer, as the api-server sees it; or worker: the Celery
            worker of this machine, asked through the broker.

    Raises:
        TonghopError: it is not, or nobody can tell.
    """
    if part == "worker":
        _require_worker(network)
        return
    said = health(network.api_url)
    status = said.get("metadatabase" if part == "api-server" else part, "unknown")
    if status != "healthy":
        raise TonghopError(f"Airflow's {part} is {status}.", f"Asked the api-server at {network.api_url}.")


def _require_worker(network: Network) -> None:
    from celery import Celery

    if network.broker is None:
        raise TonghopError("There is no worker without a broker.", "Set TONGHOP_BROKER_URL.")
    name = f"celery@{socket.gethostname()}"
    if not Celery(broker=network.broker).control.ping(destination=[name], timeout=5):
        raise TonghopError(f"The worker {name} does not answer.")
