"""What a period's figures depend on besides its data: the code that computes and judges them."""

from __future__ import annotations

import hashlib

from tonghop.settings import Settings

_FOLDERS = ("dbt_project/models", "dbt_project/macros", "expectations", "include/sql")
_ENDINGS = {".sql", ".py", ".yml"}


def of_code(settings: Settings) -> str:
    """Hash of the models, rules, thresholds and SQL: when one changes, every period is rebuilt."""
    digest = hashlib.sha256()
    for folder in _FOLDERS:
        for path in sorted((settings.project_dir / folder).rglob("*")):
            if path.suffix in _ENDINGS and path.is_file():
                digest.update(path.relative_to(settings.project_dir).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()
