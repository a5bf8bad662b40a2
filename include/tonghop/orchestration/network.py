"""Where Airflow's parts find each other, and as whom we speak to them. Imports nothing: health checks ask often."""

from __future__ import annotations

from dataclasses import dataclass

ADMIN = "admin"


@dataclass(frozen=True)
class Network:
    """Where Airflow's parts find each other.

    Attributes:
        port: of the api-server.
        host: the interface it listens on; loopback unless a container says otherwise.
        url: where the other parts reach it (default: on this machine).
        broker: URL of the Redis that hands tasks to Celery workers; None runs them beside the scheduler.
    """

    port: int
    host: str = "127.0.0.1"
    url: str = ""
    broker: str | None = None

    @property
    def api_url(self) -> str:
        """Base URL of the api-server as the other parts see it, without a slash at the end."""
        return self.url.rstrip("/") or f"http://127.0.0.1:{self.port}"

    def variables(self) -> dict[str, str]:
        """The same as the environment variables that ``tonghop airflow`` reads."""
        said = {"TONGHOP_API_PORT": str(self.port), "TONGHOP_API_HOST": self.host, "TONGHOP_API_URL": self.url}
        return said | ({"TONGHOP_BROKER_URL": self.broker} if self.broker else {})
