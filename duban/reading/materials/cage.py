"""What the kernel refuses to a process that reads hostile files: the network, other programs, every kind of writing.

A seccomp filter (Linux, x86-64 and ARM64), which needs no privilege and cannot be taken off. It lists what is refused,
so that a new version of a library finds what it needs; reading files and answering on open pipes goes on. Elsewhere
there is no cage, only the limits. Source: seccomp(2), linux/filter.h, the kernel's tables of system calls.
"""

import ctypes
import errno
import os
import platform
import struct
import sys
from dataclasses import dataclass

_NO_NEW_PRIVILEGES, _SET_SECCOMP, _FILTER = 38, 22, 2
_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000 | errno.EPERM
#: instructions: load a word of the call, jump if equal, if a bit is set, if at least, return
_LOAD, _EQUAL, _SET, _LEAST, _RETURN = 0x20, 0x15, 0x45, 0x35, 0x06
#: where in the call its number, its architecture and its arguments are
#: calls from here on are those of another tongue (x32)
_FOREIGN = 0x40000000
_NUMBER, _ARCHITECTURE, _ARGUMENTS = 0, 4, 16
#: the same numbers on both
_NEW = (424, 425, 434, 435, 437, 452)  # pidfd_send_signal io_uring_setup pidfd_open clone3 openat2 fchmodat2


@dataclass(frozen=True, kw_only=True)
class _Machine:
    """A kind of processor: its name in the kernel, and its numbers of system calls."""

    audit: int
    #: network, processes, signals, tracing
    abroad: tuple[int, ...]
    #: names, modes and owners of files
    writing: tuple[int, ...]
    #: calls that open a file, with the position of their flags
    opening: tuple[tuple[int, int], ...]


_MACHINES = {
    "x86_64": _Machine(
        audit=0xC000003E,
        # socket connect sendto sendmsg bind listen socketpair clone fork vfork execve kill ptrace tkill tgkill
        # process_vm_readv process_vm_writev bpf execveat
        abroad=(41, 42, 44, 46, 49, 50, 53, 56, 57, 58, 59, 62, 101, 200, 234, 310, 311, 321, 322),
        # truncate rename mkdir rmdir creat link unlink symlink chmod fchmod chown fchown lchown utime mknod mount
        # setxattr lsetxattr fsetxattr utimes mkdirat mknodat fchownat futimesat unlinkat renameat linkat symlinkat
        # fchmodat utimensat renameat2
        writing=(
            *(76, 82, 83, 84, 85, 86, 87, 88, 90, 91, 92, 93, 94, 132, 133, 165, 188, 189, 190),
            *(235, 258, 259, 260, 261, 263, 264, 265, 266, 268, 280, 316),
        ),
        opening=((2, 1), (257, 2)),
    ),
    "aarch64": _Machine(
        audit=0xC00000B7,
        # ptrace kill tkill tgkill socket socketpair bind listen connect sendto sendmsg clone execve
        # process_vm_readv process_vm_writev bpf execveat
        abroad=(117, 129, 130, 131, 198, 199, 200, 201, 203, 206, 211, 220, 221, 270, 271, 280, 281),
        # setxattr lsetxattr fsetxattr mknodat mkdirat unlinkat symlinkat linkat renameat mount truncate fchmod
        # fchmodat fchownat fchown utimensat renameat2
        writing=(5, 6, 7, 33, 34, 35, 36, 37, 38, 40, 45, 52, 53, 54, 55, 88, 276),
        opening=((56, 2),),
    ),
}


def shut() -> bool:
    """Shut the cage around this process, for good; False where there is none to be had."""
    machine = _MACHINES.get(platform.machine()) if sys.platform == "linux" else None
    if machine is None:
        return False
    program = _program(machine)
    code = ctypes.create_string_buffer(program, len(program))
    head = struct.pack("HxxxxxxP", len(program) // 8, ctypes.addressof(code))
    prctl = ctypes.CDLL(None).prctl
    word = ctypes.c_ulong
    nothing = word(0)
    if prctl(_NO_NEW_PRIVILEGES, word(1), nothing, nothing, nothing):
        return False
    return not prctl(_SET_SECCOMP, word(_FILTER), ctypes.c_char_p(head), nothing, nothing)


def _program(machine: _Machine) -> bytes:
    """Refuse what is listed, and to open a file for writing; a call in another architecture's tongue is refused."""
    writing = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
    made = [_step(_LOAD, _ARCHITECTURE), _step(_EQUAL, machine.audit, 1, 0), _step(_RETURN, _REFUSE)]
    made += [_step(_LOAD, _NUMBER), _step(_LEAST, _FOREIGN, 0, 1), _step(_RETURN, _REFUSE)]
    for number in (*machine.abroad, *machine.writing, *_NEW):
        made += [_step(_EQUAL, number, 0, 1), _step(_RETURN, _REFUSE)]
    for number, position in machine.opening:
        made += [_step(_EQUAL, number, 0, 4), _step(_LOAD, _ARGUMENTS + 8 * position)]
        made += [_step(_SET, writing, 0, 1), _step(_RETURN, _REFUSE), _step(_RETURN, _ALLOW)]
    return b"".join([*made, _step(_RETURN, _ALLOW)])


def _step(code: int, value: int, equal: int = 0, other: int = 0) -> bytes:
    return struct.pack("HBBI", code, equal, other, value)
