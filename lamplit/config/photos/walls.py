"""The walls round a program that decodes a stranger's file. Run by path from there: such a program imports nothing of Lamplit.

No new rights, nobody's rights where it was root's, no network where the system lets a process leave it, no file that could be
opened, and little memory, time and output. There is no filter of system calls: the libraries for it want a C library of the
system's, which a machine may not have.
"""

import contextlib
import ctypes
import os
import resource

MEMORY = 1 << 30
CPU_SECONDS = 20
OUTPUT = 8 << 20
NOBODY = 65_534
NEW_NAMES, NEW_NETWORK, NO_NEW_RIGHTS = 0x10000000, 0x40000000, 38  # CLONE_NEWUSER, CLONE_NEWNET, PR_SET_NO_NEW_PRIVS


def wall_in(*, memory: int = 0, cpu: int = 0, output: int = 0) -> None:
    """Give up what a decoder does not need. What this machine does not allow is left out; the limits hold everywhere."""
    libc = ctypes.CDLL(None, use_errno=True)
    with contextlib.suppress(AttributeError, OSError):
        libc.unshare(NEW_NETWORK if os.geteuid() == 0 else NEW_NAMES | NEW_NETWORK)
        libc.prctl(NO_NEW_RIGHTS, 1, 0, 0, 0)
    with contextlib.suppress(OSError):  # in a container root may not be allowed to become anybody else
        if os.geteuid() == 0:
            os.setgroups([])
            os.setgid(NOBODY)
            os.setuid(NOBODY)
    limits = {
        resource.RLIMIT_AS: memory or MEMORY, resource.RLIMIT_CPU: cpu or CPU_SECONDS, resource.RLIMIT_FSIZE: output or OUTPUT,
        resource.RLIMIT_CORE: 0, resource.RLIMIT_NOFILE: 3,
    }  # fmt: skip
    for which, most in limits.items():
        with contextlib.suppress(ValueError, OSError):  # lower already
            resource.setrlimit(which, (most, most))
