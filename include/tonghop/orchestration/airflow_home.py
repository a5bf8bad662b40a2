"""Airflow's whole configuration, computed from the settings and handed over as environment variables.

One computation serves both installations: the processes that ``tonghop up`` starts on one machine, and the services
of ``docker-compose.yml``, each of which is ``tonghop airflow COMPONENT``.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from pathlib import Path

from psycopg2 import sql
from pydantic import SecretStr
from sqlalchemy.engine import URL

from tonghop.orchestration.network import ADMIN, Network
from tonghop.settings import Settings
from tonghop.warehouse.connection import Secrets, admin_url, connect, rows

ROLE = "tonghop_airflow"
TIMEZONE = "Asia/Ho_Chi_Minh"


def home(settings: Settings) -> Path:
    """AIRFLOW_HOME."""
    return settings.state_dir / "airflow"


def passwords_file(settings: Settings) -> Path:
    """Where the password of Airflow's user is kept (mode 0600)."""
    return home(settings) / "passwords.json"


def stack_id(settings: Settings) -> str:
    """What marks every process of this state folder's stack in its environment (``TONGHOP_STACK``)."""
    return hashlib.sha256(str(settings.state_dir.resolve()).encode()).hexdigest()[:16]


def write_passwords(settings: Settings) -> None:
    """Write the generated password of Airflow's one user where its simple auth manager reads it."""
    path = passwords_file(settings)
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(f".{os.getpid()}")
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump({ADMIN: Secrets(settings).get("airflow_admin")}, file)
    part.replace(path)


def metadata_url(settings: Settings) -> URL:
    """URL of Airflow's own database: beside the warehouse on the same server, with its own owner."""
    warehouse = admin_url(settings)
    return warehouse.set(
        username=ROLE, password=Secrets(settings).get("airflow_database"), database=f"{warehouse.database}_airflow"
    )


def create_database(settings: Settings) -> bool:
    """Create Airflow's database and its owner where they are absent. Returns whether the database is new."""
    url = metadata_url(settings)
    role, name = sql.Identifier(ROLE), sql.Identifier(str(url.database))
    with connect(settings, autocommit=True) as opened:
        known = rows(opened, "select 1 from pg_roles where rolname = %s", (ROLE,))
        verb = sql.SQL("alter" if known else "create")
        owner = sql.SQL("{} role {} login password {}").format(verb, role, sql.Literal(url.password))
        rows(opened, owner.as_string(opened))
        if rows(opened, "select 1 from pg_database where datname = %s", (url.database,)):
            return False
        rows(opened, sql.SQL("create database {} owner {}").format(name, role).as_string(opened))
        rows(opened, sql.SQL("revoke connect on database {} from public").format(name).as_string(opened))
    return True


def settings_variables(settings: Settings) -> dict[str, str]:
    """The settings as the environment variables from which another process reads the same settings."""
    said: dict[str, str] = {}
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if value is not None:
            said[f"TONGHOP_{name.upper()}"] = value.get_secret_value() if isinstance(value, SecretStr) else str(value)
    return said


def environment(settings: Settings, network: Network) -> dict[str, str]:
    """What an Airflow process must be told; nothing an operator sets may override it."""
    secret = Secrets(settings)
    fernet = base64.urlsafe_b64encode(hashlib.sha256(secret.get("airflow_fernet").encode()).digest()).decode()
    url = metadata_url(settings).set(drivername="postgresql+psycopg2")
    folder = home(settings)
    told = {
        "CORE__DAGS_FOLDER": settings.dags_dir,
        "CORE__LOAD_EXAMPLES": "False",
        "CORE__DAGS_ARE_PAUSED_AT_CREATION": "True",
        "CORE__EXECUTOR": "CeleryExecutor" if network.broker else "LocalExecutor",
        "CORE__FERNET_KEY": fernet,
        "CORE__SIMPLE_AUTH_MANAGER_USERS": f"{ADMIN}:admin",
        "CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": passwords_file(settings),
        "CORE__EXECUTION_API_SERVER_URL": f"{network.api_url}/execution/",
        "DATABASE__SQL_ALCHEMY_CONN": url.render_as_string(hide_password=False),
        "API__HOST": network.host,
        "API__PORT": network.port,
        "API_AUTH__JWT_SECRET": hashlib.sha512(secret.get("airflow_jwt").encode()).hexdigest(),
        "LOGGING__BASE_LOG_FOLDER": settings.state_dir / "log" / "tasks",
        "LOGGING__DAG_PROCESSOR_CHILD_PROCESS_LOG_DIRECTORY": settings.state_dir / "log" / "dags",
        # The health servers answer inside the machine (or container) only; the log servers, which would listen on
        # every interface, are not started at all: see COMPONENTS.
        "SCHEDULER__ENABLE_HEALTH_CHECK": "False",
    }
    if network.broker:
        result = url.set(drivername="db+postgresql+psycopg2").render_as_string(hide_password=False)
        told |= {"CELERY__BROKER_URL": network.broker, "CELERY__RESULT_BACKEND": result}
    plain = {
        "AIRFLOW_HOME": str(folder),
        "TONGHOP_STACK": stack_id(settings),
        "SPT_NOENV": "1",  # setproctitle would overwrite the mark by which a process is recognised as ours
        "PYTHONPATH": f"{settings.project_dir / 'include'}{os.pathsep}{settings.project_dir}",
        "GX_ANALYTICS_ENABLED": "false", "DO_NOT_TRACK": "1", "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
    }
    marked = {f"AIRFLOW__{name}": str(value) for name, value in told.items()}
    return plain | marked | settings_variables(settings) | network.variables()


def defaults(network: Network) -> dict[str, str]:
    """Sensible for two cores and a folder of four DAGs; an operator's own ``AIRFLOW__…`` variables win."""
    told = {
        "CORE__PARALLELISM": 4, "CORE__MAX_ACTIVE_TASKS_PER_DAG": 4, "CORE__DEFAULT_TIMEZONE": TIMEZONE,
        "CORE__HOSTNAME_CALLABLE": "socket.gethostname",  # the default asks the name server, which may be away
        "API__WORKERS": 1, "API__BASE_URL": network.api_url,
        "DAG_PROCESSOR__REFRESH_INTERVAL": 30, "DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": 60,
        "DAG_PROCESSOR__PARSING_PROCESSES": 2, "SCHEDULER__PARSING_CLEANUP_INTERVAL": 60,
        "CELERY__WORKER_CONCURRENCY": 4,
        # Redis hands a task out again after this long; a night may take hours.
        "CELERY_BROKER_TRANSPORT_OPTIONS__VISIBILITY_TIMEOUT": 86400,
    }
    return {f"AIRFLOW__{name}": str(value) for name, value in told.items()}
