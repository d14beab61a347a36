"""Walls that Linux raises around one process: no network, few files, a measure of everything.

Two ways in. As a script (``python -I -S walls.py RULES -- COMMAND``) it walls itself in and then
becomes the command; imported, ``close_in`` shuts the running program in. Once raised, no wall
comes down, and children stand behind the same ones. A machine without one of the walls gets the
others; a wall that the kernel has and refuses ends us, so nothing runs half walled in.

This file imports next to nothing: it starts in front of every ffmpeg.
"""

import ctypes
import os
import struct
import sys
from collections.abc import Iterable, Mapping

FAILED = 125  # exit code: a wall could not be raised, the command never ran
SAYS = "walls: "
_X86, _ARM = 0xC000003E, 0xC00000B7  # AUDIT_ARCH of x86_64 and aarch64
_ARCH = {"x86_64": _X86, "aarch64": _ARM}
_X32 = 0x40000000  # the second system call table that x86_64 hides
_NETWORK = {
    _X86: (41, 42, 43, 44, 46, 49, 50, 53, 288, 307),  # socket .. listen, socketpair, sendmmsg
    _ARM: (198, 199, 200, 201, 202, 203, 206, 211, 242, 269),
}
_OUT_OF_REACH = {  # other processes, the kernel's inside, owners and modes, ways round the walls
    _X86: (
        *(57, 58, 62, 200, 129, 297, 101, 310, 311),  # fork, kill, ptrace, process_vm_*
        *(29, 64, 68, 240, 248, 249, 250),  # shared memory, queues, keys
        *(90, 91, 92, 93, 94, 260, 268, 76),  # chmod, chown, truncate by name
        *(188, 189, 190, 197, 198, 199, 132, 235, 261, 280),  # attributes and times
        *(155, 161, 165, 166, 175, 176, 246, 313, 272, 308),  # mounts, modules, namespaces
        *(298, 303, 304, 319, 321, 323),  # perf, handles, memfd, bpf, userfaultfd
    ),
    _ARM: (
        *(129, 130, 138, 240, 117, 270, 271),
        *(194, 190, 186, 180, 217, 218, 219),
        *(52, 53, 54, 55, 45),
        *(5, 6, 7, 14, 15, 16, 88),
        *(41, 51, 40, 39, 105, 106, 104, 273, 97, 268),
        *(241, 264, 265, 279, 280, 282),
    ),
}
_NEWER = (424, 425, 426, 427, 428, 429, 430, 431, 432, 434, 438, 440, 442, 452, 463, 466)
# signals and handles of processes, io_uring (sockets by another door), the new mounts; both tables
_OPENING = {_X86: (2, 85, 257, 437, 59, 322), _ARM: (56, 437, 221, 281)}  # open, execve
_CLONE = {_X86: 56, _ARM: 220}
_CLONE3 = 435
_CLONE_THREAD = 0x00010000
_EPERM, _ENOSYS = 1, 38
_ALLOW, _ERRNO, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_LOAD, _EQUAL, _AT_LEAST, _BITS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_RULESET, _RULE, _RESTRICT = 444, 445, 446
_EXECUTE, _WRITE, _READ, _LIST = 1, 2, 4, 8
_MAKE_FILE, _TRUNCATE = 1 << 8, 1 << 14
_OF_A_FILE = _EXECUTE | _WRITE | _READ | _TRUNCATE
_KNOWN = {1: (1 << 13) - 1, 2: (1 << 14) - 1, 3: (1 << 15) - 1, 4: (1 << 15) - 1}
_NEWEST = (1 << 16) - 1
_TCP, _SCOPES = 3, 3  # bind and connect; abstract sockets and signals
_TCP_SINCE, _SCOPES_SINCE = 4, 6
_PDEATHSIG, _NO_NEW_PRIVS, _SECCOMP, _GET_SECCOMP = 1, 38, 22, 21
_FILTER = 2
_WARNED = 5  # seconds of processor between the signal and the end
_TCP_KIND, _UDP_KIND = 1, 2
_NOBODY = ("127.0.0.1", 9)
_NAMESPACES = 0x10000000 | 0x40000000  # user and network
_SIGKILL, _SIGPIPE, _SIGXFSZ = 9, 13, 25


class NoWallError(Exception):
    """The kernel has this wall and would not raise it."""


def stand_behind(
    *, read: Iterable[str] = (), limits: Mapping[str, int] | None = None, opens: bool = True
) -> None:
    """``close_in`` for a child of ours: it ends, and says why, if a wall cannot be raised.

    Other systems than Linux have no such walls.
    """
    if sys.platform != "linux":
        return
    try:
        close_in(read=read, limits=limits, opens=opens)
    except (NoWallError, OSError) as error:
        sys.stderr.write(f"{SAYS}{error}\n")
        sys.exit(FAILED)


def close_in(
    *,
    read: Iterable[str] = (),
    run: Iterable[str] = (),
    write: Iterable[str] = (),
    limits: Mapping[str, int] | None = None,
    opens: bool = True,
) -> str:
    """Raise every wall that this machine has around this process; what stands, in words.

    ``read`` and ``run`` are files or whole folders, ``write`` folders (readable too); names that
    do not exist are passed over. ``limits`` are values by the names of ``resource``, without
    ``RLIMIT_``. Without ``opens`` no file can be opened and no program run at all. The caller
    must have one thread. Raises NoWallError.
    """
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0):
        raise NoWallError("new privileges cannot be given up")
    _limit({"CORE": 0, **(limits or {})})
    machine = _ARCH.get(os.uname().machine)
    filtered = machine is not None and libc.prctl(_GET_SECCOMP, 0, 0, 0, 0) >= 0
    apart = not filtered and libc.unshare(_NAMESPACES) == 0
    version = abi()
    if version:
        _landlock(libc, version, read, run, write)
    if machine is not None and filtered:
        _filter(libc, machine, opens=opens)
    network = "seccomp" if filtered else "namespace" if apart else "none"
    return f"landlock={version} network={network}"


def abi() -> int:
    """The version of Landlock that this kernel offers; 0: none."""
    if sys.platform != "linux":
        return 0
    return max(0, int(ctypes.CDLL(None).syscall(_RULESET, None, ctypes.c_size_t(0), 1)))


def _limit(limits: Mapping[str, int]) -> None:
    import resource  # noqa: PLC0415 -- Windows has no such module, and reads this file too

    for name, most in limits.items():
        kind = getattr(resource, f"RLIMIT_{name}")
        _, hard = resource.getrlimit(kind)
        end = most + (_WARNED if name == "CPU" else 0)  # or it is killed and cannot be told why
        end = end if hard == resource.RLIM_INFINITY else min(end, hard)
        resource.setrlimit(kind, (min(most, end), end))


def _landlock(
    libc: ctypes.CDLL,
    version: int,
    read: Iterable[str],
    run: Iterable[str],
    write: Iterable[str],
) -> None:
    handled = _KNOWN.get(version, _NEWEST)
    sizes = struct.pack(
        "QQQ",
        handled,
        _TCP if version >= _TCP_SINCE else 0,
        _SCOPES if version >= _SCOPES_SINCE else 0,
    )
    length = 8 if version < _TCP_SINCE else 16 if version < _SCOPES_SINCE else 24
    ruleset = libc.syscall(_RULESET, sizes, ctypes.c_size_t(length), 0)
    if ruleset < 0:
        raise NoWallError("the kernel takes no rules on files")
    for paths, rights in (
        (read, _READ | _LIST),
        (run, _READ | _LIST | _EXECUTE),
        (write, _READ | _LIST | _WRITE | _MAKE_FILE | _TRUNCATE),
    ):
        for path in paths:
            _allow(libc, ruleset, path, rights & handled)
    if libc.syscall(_RESTRICT, ruleset, 0):
        raise NoWallError("the kernel does not hold us to rules on files")
    os.close(ruleset)


def _allow(libc: ctypes.CDLL, ruleset: int, path: str, rights: int) -> None:
    try:
        handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        if not os.path.isdir(path):  # noqa: PTH112 -- pathlib takes longer to load than all else
            rights &= _OF_A_FILE
        rule = struct.pack("=Qi", rights, handle)
        if libc.syscall(_RULE, ruleset, 1, rule, 0):
            raise NoWallError("the kernel does not take a rule on a file")
    finally:
        os.close(handle)


def _filter(libc: ctypes.CDLL, machine: int, *, opens: bool) -> None:
    """Hand the kernel a filter of system calls."""
    steps = program(machine, opens=opens)
    code = ctypes.create_string_buffer(b"".join(struct.pack("HBBI", *step) for step in steps))
    handed = struct.pack("HxxxxxxQ", len(steps), ctypes.addressof(code))
    if libc.prctl(_SECCOMP, _FILTER, handed, 0, 0):
        raise NoWallError("the kernel does not take a filter of system calls")


def program(machine: int, *, opens: bool) -> list[tuple[int, int, int, int]]:
    """The filter: code, steps to jump if so, if not, value. Refused calls get EPERM."""
    refused = {*_NETWORK[machine], *_OUT_OF_REACH[machine], *_NEWER}
    refused |= set() if opens else set(_OPENING[machine])
    steps = [
        (_LOAD, 0, 0, 4),  # the table that the call comes from
        (_EQUAL, 1, 0, machine),
        (_RETURN, 0, 0, _KILL),
        (_LOAD, 0, 0, 0),  # the number of the call
    ]
    if machine == _X86:
        steps += [(_AT_LEAST, 0, 1, _X32), (_RETURN, 0, 0, _KILL)]
    for number in sorted(refused):
        steps += [(_EQUAL, 0, 1, number), (_RETURN, 0, 0, _ERRNO | _EPERM)]
    steps += [
        (_EQUAL, 0, 1, _CLONE3),  # its flags cannot be seen: libraries then use clone
        (_RETURN, 0, 0, _ERRNO | _ENOSYS),
        (_EQUAL, 0, 3, _CLONE[machine]),
        (_LOAD, 0, 0, 16),  # its flags: a thread is all that may be made
        (_BITS, 1, 0, _CLONE_THREAD),
        (_RETURN, 0, 0, _ERRNO | _EPERM),
        (_RETURN, 0, 0, _ALLOW),
    ]
    return steps


def _die_with(parent: int) -> None:
    libc = ctypes.CDLL(None, use_errno=True)
    libc.prctl(_PDEATHSIG, _SIGKILL, 0, 0, 0)
    if os.getppid() != parent:
        os._exit(FAILED)


def _as_found() -> None:
    """Signals that Python ignores would be ignored by the command too."""
    import signal  # noqa: PLC0415

    for number in (_SIGPIPE, _SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)


def _try_out(name: str) -> None:
    """Say which way out is open: to a file that no rule names, and to the network."""
    ways = []
    try:
        os.close(os.open(name, os.O_RDONLY))
        ways.append("file")
    except OSError:
        pass
    if _reaches(_TCP_KIND) or _reaches(_UDP_KIND):
        ways.append("network")
    sys.stdout.write(f"open={','.join(ways)}\n")


def _reaches(kind: int) -> bool:
    """Whether a packet gets as far as this computer's own loopback."""
    import socket  # noqa: PLC0415

    try:
        with socket.socket(socket.AF_INET, kind) as way:
            way.connect(_NOBODY)
            way.send(b"")
    except ConnectionRefusedError:
        return True
    except OSError:
        return False
    return True


def main(words: list[str]) -> None:
    """``[read=|run=|write=|limit=NAME:|parent=|try=]VALUE ... [-- COMMAND ...]``."""
    end = words.index("--") if "--" in words else len(words)
    rules: dict[str, list[str]] = {"read": [], "run": [], "write": [], "limit": []}
    rest: dict[str, str] = {}
    for word in words[:end]:
        key, _, value = word.partition("=")
        if key in rules:
            rules[key].append(value)
        else:
            rest[key] = value
    limits = {name: int(most) for name, _, most in (one.partition(":") for one in rules["limit"])}
    try:
        _die_with(int(rest["parent"]))
        if "try" in rest:
            import socket  # noqa: F401, PLC0415 -- while its file can still be read
        else:
            _as_found()
        stands = close_in(read=rules["read"], run=rules["run"], write=rules["write"], limits=limits)
        if "try" in rest:
            sys.stdout.write(f"{stands} ")
            _try_out(rest["try"])
            return
        os.execv(words[end + 1], words[end + 1 :])  # noqa: S606 -- no shell is the point
    except (NoWallError, OSError, OverflowError, ValueError) as error:
        sys.stderr.write(f"{SAYS}{error}\n")
        sys.exit(FAILED)


if __name__ == "__main__":
    main(sys.argv[1:])
