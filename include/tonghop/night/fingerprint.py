"""What a period's figures depend on besides its data: the code that computes and judges them."""

from __future__ import annotations

import hashlib

from tonghop.settings import Settings

_FOLDERS = ("dbt_project/models", "dbt_project/macros", "expectations", "include/sql")
_ENDINGS = {".sql", ".py", ".yml"}


def of_code(settings: Settings) -> str:
    """Hash of the models, rules (also a user's own), thresholds and SQL: when one changes, every period is rebuilt."""
    digest = hashlib.sha256()
    seen = [(settings.project_dir, folder) for folder in map(settings.project_dir.joinpath, _FOLDERS)]
    if not settings.rules_dir.resolve().is_relative_to((settings.project_dir / "expectations").resolve()):
        seen.append((settings.rules_dir, settings.rules_dir))
    for root, folder in seen:
        for path in sorted(folder.rglob("*")):
            if path.suffix in _ENDINGS and path.is_file():
                digest.update(path.relative_to(root).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()
