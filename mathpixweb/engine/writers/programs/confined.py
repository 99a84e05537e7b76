"""Run as a script before another program takes the process over: takes away what that program must not have.

    python -I -S confined.py LIMITS COMMAND …

where LIMITS is `{"memory": …, "cpu": …, "file": …, "read": […], "write": […], "sockets": […]}`.

Limits hold everywhere; the network is cut off and files are hidden where the kernel lets a process do that to
itself (Linux with user namespaces and Landlock, https://docs.kernel.org/userspace-api/landlock.html). It is a
file of its own with nothing but the standard library, because every conversion waits for it to start.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

NEW_USER, NEW_NET = 0x10000000, 0x40000000
DEATH_SIGNAL, DROP_CAPABILITY, NO_NEW_PRIVILEGES = 1, 24, 38
CAPABILITIES = 64  # as many as their set has bits
CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
BENEATH = 1

EXECUTE, WRITE, READ, LIST = 1 << 0, 1 << 1, 1 << 2, 1 << 3
MAKE_SOCKET = 1 << 9
TRUNCATE, DEVICE = 1 << 14, 1 << 15
RIGHTS_OF_VERSION = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1}
ALL_RIGHTS = (1 << 16) - 1  # from version 5 on
ON_FILES = EXECUTE | WRITE | READ | TRUNCATE | DEVICE
TCP = 3  # to listen and to connect, from version 4 on
OUTSIDE = 3  # abstract sockets of and signals to others, from version 6 on

SYSTEM = [
    "/usr",
    "/bin",
    "/sbin",
    "/lib",
    "/lib32",
    "/lib64",
    "/opt",
    "/nix/store",
    "/proc",
    "/sys/devices/system/cpu",
    "/var/lib/texmf",
    "/var/cache/fontconfig",
    "/var/lib/fonts",
    "/etc/fonts",
    "/etc/libreoffice",
    "/var/lib/libreoffice",
    "/var/spool/libreoffice",
    "/etc/texmf",
    "/etc/alternatives",
    "/etc/ld.so.cache",
    "/etc/ld.so.conf",
    "/etc/ld.so.conf.d",
    "/etc/localtime",
    "/etc/chromium",
    "/etc/chromium.d",
    "/etc/lsb-release",
    "/etc/debian_version",
    "/etc/papersize",
]
DEVICES = ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/shm", "/dev/tty"]  # noqa: S108


class Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class Beneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


libc = ctypes.CDLL(None, use_errno=True)


def landlock_version() -> int:
    """The kernel's version of Landlock; 0 where there is none."""
    if sys.platform != "linux":
        return 0
    return max(0, int(libc.syscall(CREATE_RULESET, None, 0, 1)))


def limit(wanted: Mapping[str, Any]) -> None:
    cpu, memory, file = int(wanted["cpu"]), int(wanted["memory"]), int(wanted["file"])
    resource.setrlimit(resource.RLIMIT_CPU, (cpu, cpu))
    most = resource.getrlimit(resource.RLIMIT_FSIZE)[1]  # none, for a reader of pictures
    file = file if most == resource.RLIM_INFINITY else min(file, most)
    resource.setrlimit(resource.RLIMIT_FSIZE, (file, file))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Only what is written to counts: pandoc and Chromium reserve terabytes of addresses and never use them.
    own = resource.getrlimit(resource.RLIMIT_AS)[1]
    resource.setrlimit(resource.RLIMIT_AS, (own, own))
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))


def cut_off_network() -> None:
    """A network of its own, without any device; refused in most containers, and by Ubuntu's AppArmor.

    Some refuse only in the middle, to a root without capabilities for one, and from there is no way back: a
    child goes first.
    """
    child = os.fork()
    if child == 0:
        try:
            os._exit(0 if _enter_namespaces() else 1)
        except OSError:
            os._exit(1)
    if os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0:
        _enter_namespaces()


def _enter_namespaces() -> bool:
    """Whether it was allowed. Raises OSError where it was, and nobody may be anybody in them."""
    user, group = os.getuid(), os.getgid()
    if libc.unshare(NEW_USER | NEW_NET) != 0:
        return False
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
    Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    return True


def drop_capabilities() -> None:
    """Root's, where a namespace has not taken them: some of them open the memory of every process."""
    for capability in range(CAPABILITIES):
        libc.prctl(DROP_CAPABILITY, capability, 0, 0, 0)


def hide_files(read: list[str], write: list[str], sockets: list[str]) -> None:
    version = landlock_version()
    if version == 0:
        return
    files = RIGHTS_OF_VERSION.get(version, ALL_RIGHTS)
    rules = Ruleset(files, TCP if version >= 4 else 0, OUTSIDE if version >= 6 else 0)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    ruleset = libc.syscall(CREATE_RULESET, ctypes.byref(rules), size, 0)
    if ruleset < 0:
        return
    for path in [*SYSTEM, *read]:
        _allow(ruleset, path, (EXECUTE | READ | LIST) & files)
    for path in DEVICES:
        _allow(ruleset, path, files & ~EXECUTE)
    for path in write:
        _allow(ruleset, path, files)
    for path in sockets:  # may be made there, and nothing else
        _allow(ruleset, path, MAKE_SOCKET & files)
    libc.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    libc.syscall(RESTRICT_SELF, ruleset, 0)
    os.close(ruleset)


def _allow(ruleset: int, path: str, rights: int) -> None:
    try:
        parent = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    if not Path(path).is_dir():
        rights &= ON_FILES
    libc.syscall(ADD_RULE, ruleset, BENEATH, ctypes.byref(Beneath(rights, parent)), 0)
    os.close(parent)


def main() -> None:
    wanted, command = json.loads(sys.argv[1]), sys.argv[2:]
    if sys.platform == "linux":
        libc.prctl(DEATH_SIGNAL, signal.SIGKILL, 0, 0, 0)
        cut_off_network()
        hide_files(wanted["read"], wanted["write"], wanted.get("sockets", []))
        drop_capabilities()
    limit(wanted)
    os.execv(command[0], command)  # noqa: S606 - the command is ours


if __name__ == "__main__":
    main()
