"""Configuration, read from the environment in this one place and passed down."""

import os
from functools import lru_cache
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT_DIR = Path(__file__).resolve().parents[2]


class Settings(BaseSettings):
    """Every knob of the product; each is an environment variable with the prefix ``TONGHOP_``.

    Nothing has to be set: the defaults keep everything under ``.tonghop/`` beside the checkout.
    """

    model_config = SettingsConfigDict(env_prefix="TONGHOP_", frozen=True, extra="ignore")

    project_dir: Path = PROJECT_DIR
    state_dir: Path = Field(default=PROJECT_DIR / ".tonghop", description="cluster, secrets, logs, pages")
    database_url: SecretStr | None = Field(
        default=None, description="postgresql://owner:…@host:port/database to use instead of the embedded server"
    )
    inbox: str = Field(default="", description="where senders' folders are: a path, or a URL of an S3-compatible store")
    reference_dirs: str = Field(default="", description="extra reference folders, separated by ':'")
    rules_dir: Path = Field(
        default=PROJECT_DIR / "expectations" / "own", description="rules of your own, their thresholds and remedies"
    )
    max_file_bytes: int = Field(default=512 * 2**20, description="a larger file is refused before it is read")
    max_legacy_bytes: int = Field(default=64 * 2**20, description="a text neither UTF-8 nor UTF-16, read whole")
    max_rows: int = Field(default=5_000_000, description="rows of a file")
    read_seconds: float = Field(default=120.0, description="a file that takes longer to read is refused")
    read_memory_bytes: int = Field(default=2 * 2**30, description="address space of the process that reads files")
    notify: Literal["always", "problems"] = Field(
        default="always", description="which nights are told by e-mail and webhook: all, or those that are not green"
    )
    notify_email: str = Field(default="", description="addresses that a night is told to, separated by ','")
    notify_webhook: SecretStr | None = Field(default=None, description="http(s) address that takes a JSON POST")
    pages_url: str = Field(default="", description="where the reports folder is served, for links that are sent out")
    lease_seconds: int = Field(default=120, description="a night without a heartbeat for so long is taken for dead")

    @property
    def reference_dir(self) -> Path:
        """The authored register and catalogue."""
        return self.project_dir / "include" / "reference"

    @property
    def overlay_dir(self) -> Path:
        """Registrations added by ``tonghop reference load --add DIR``: one folder a source."""
        return self.state_dir / "reference"

    @property
    def sql_dir(self) -> Path:
        return self.project_dir / "include" / "sql"

    @property
    def sample_dir(self) -> Path:
        return self.project_dir / "include" / "sample"

    @property
    def dbt_dir(self) -> Path:
        return self.project_dir / "dbt_project"

    @property
    def dags_dir(self) -> Path:
        return self.project_dir / "dags"

    @property
    def inbox_url(self) -> str:
        """The inbox: one folder a sender, named by its code or unit id."""
        return self.inbox or str(self.state_dir / "inbox")

    @property
    def reports_dir(self) -> Path:
        """Steward pages, Data Docs and dbt docs of the last nights."""
        return self.state_dir / "reports"


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process."""
    return Settings()


def has_display() -> bool:
    """Whether a window could be opened here."""
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))
