"""Run one command as an unprivileged user who sees two folders that the host hides from everybody else.

Run as a script by root: ``private_mounts.py UID GID PACKAGES DATA COMMAND…``. In a mount namespace of its own
(invisible to every other process) it lays an empty file system over a standard folder, binds the folder of the
PostgreSQL binaries and the folder of the cluster into it, gives up root for good and becomes the command.

PostgreSQL refuses to run as root, and a checkout under ``/root`` (mode 700) cannot be reached by anybody else.
Opening the permissions of somebody's home is no answer; a private view of two folders is. This file imports
nothing of the package, so that it starts in milliseconds.
"""

import ctypes
import os
import sys
from pathlib import Path

CLONE_NEWNS = 0x00020000
MS_NOSUID, MS_BIND, MS_REC, MS_PRIVATE = 2, 4096, 16384, 1 << 18
COVERED = "/mnt"  # exists on every Linux (Filesystem Hierarchy Standard), and no server needs it
PACKAGES, DATA = f"{COVERED}/packages", f"{COVERED}/postgres"


def _mount(source: str, target: str, kind: str | None, flags: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.mount(source.encode(), target.encode(), kind.encode() if kind else None, flags, None) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code), target)


def _enter(packages: list[str], data: str) -> None:
    """Make the private view. Folders are opened before they may be covered."""
    if ctypes.CDLL(None, use_errno=True).unshare(CLONE_NEWNS) != 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code), "unshare")
    held = {f"{PACKAGES}/{Path(path).name}": os.open(path, os.O_PATH) for path in packages}
    held[DATA] = os.open(data, os.O_PATH)
    _mount("none", "/", None, MS_REC | MS_PRIVATE)
    _mount("none", COVERED, "tmpfs", MS_NOSUID)
    Path(COVERED).chmod(0o755)
    for target, descriptor in held.items():
        Path(target).mkdir(parents=True)
        _mount(f"/proc/self/fd/{descriptor}", target, None, MS_BIND)
        os.close(descriptor)


def main(arguments: list[str]) -> None:
    """Enter, drop to the user, become the command."""
    uid, gid, packages, data, *command = arguments
    os.umask(0o022)
    _enter(packages.split(":"), data)
    os.chdir(DATA)
    os.setgroups([])
    os.setgid(int(gid))
    os.setuid(int(uid))
    os.umask(0o077)
    os.execv(command[0], command)  # noqa: S606 - no shell is meant: the command is ours, with an argument list


if __name__ == "__main__":
    main(sys.argv[1:])
