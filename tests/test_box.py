"""The walls around decoders, run against: with a canary outside, and a port that listens.

Each trick is first played on ffmpeg without a box, and must work there; else its failing in the
box would prove nothing. Inside, none of our other defences is on: the kernel stands alone.
"""

import json
import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
import wave
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from fractions import Fraction
from pathlib import Path

import clips
import pytest
from commands import Command

from packager import box, ffmpeg, probe, program, walls
from packager.box import Box, Limits
from packager.errors import InputRefused, MachineFailed
from packager.program import ProgramFailed

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has these walls")
pytestmark = [LINUX, pytest.mark.tool]
LANDLOCK = pytest.mark.skipif(walls.abi() == 0, reason="this kernel has no Landlock")
SECRET = b"the canary sings: " * 400
ALL = "file,pipe,http,tcp,udp,subfile,concat,data,crypto"
RAW = ["-f", "s16le", "-ar", "8000", "-ac", "1"]


@pytest.fixture
def job(tmp_path: Path) -> Path:
    """The folder of the job; the canary lies beside it."""
    with wave.open(str(tmp_path / "canary.wav"), "wb") as canary:
        canary.setparams((1, 2, 8000, 0, "NONE", ""))
        canary.writeframes(SECRET)
    folder = tmp_path / "job"
    folder.mkdir()
    return folder


def plain(*arguments: str) -> list[str]:
    quiet = ["-nostdin", "-hide_banner", "-loglevel", "error", "-y"]
    return [str(ffmpeg.binary()), *quiet, *arguments]


def words(*arguments: str) -> list[str]:
    """An ffmpeg that may do whatever its input asks for."""
    return plain("-rw_timeout", "2000000", "-protocol_whitelist", ALL, *arguments)


def output(command: list[str], job: Path, *, inside: Box | None) -> bytes:
    """What ffmpeg wrote to ``out``, in a box or without one."""
    target = job / "out"
    target.unlink(missing_ok=True)
    if inside is None:
        subprocess.run(command, cwd=job, timeout=20, check=False, capture_output=True)
    else:
        with suppress(ProgramFailed):
            program.run(command, cwd=job, timeout=20, env={"LC_ALL": "C"}, box=inside)
    return target.read_bytes() if target.exists() else b""


def alias(path: Path) -> bytes:
    """A Macintosh alias record of a file, as an entry of a MOV's data references."""
    head = bytes(10) + bytes([0]) + bytes(27) + bytes(12) + bytes([1]) + b"x".ljust(63, b"\0")
    name = str(path).encode()
    name += b"\0" * (len(name) % 2)
    body = head + bytes(16) + struct.pack(">HH", 1, 1) + bytes(16)
    body += struct.pack(">HH", 2, len(name)) + name + struct.pack(">HH", 0xFFFF, 0)
    return struct.pack(">I4sI", 12 + len(body), b"alis", 0) + body


def moved(whole: bytes, path: Path) -> bytes:
    """A MOV whose samples are said to be in another file, from its first byte on."""
    data = bytearray(whole)
    table = data.index(b"stco") + 12
    data[table : table + 4] = bytes(4)
    entry = data.index(b"dref") + 12
    (old,) = struct.unpack(">I", data[entry : entry + 4])
    new = alias(path)
    data[entry : entry + old] = new
    for kind in (b"moov", b"trak", b"mdia", b"minf", b"dinf", b"dref"):
        place = data.rindex(kind, 0, entry) - 4
        (size,) = struct.unpack(">I", data[place : place + 4])
        data[place : place + 4] = struct.pack(">I", size + len(new) - old)
    return bytes(data)


def tricks(canary: Path) -> dict[str, tuple[bytes, list[str]]]:
    """The evil file, and how ffmpeg is brought to open it (``{evil}``)."""
    raw = f"{canary}"
    absolute = ["-enable_drefs", "1", "-use_absolute_path", "1"]
    return {
        "concat script": (
            f"ffconcat version 1.0\nfile {raw}\n".encode(),
            ["-safe", "0", "-f", "concat", "-i", "{evil}", "-f", "s16le"],
        ),
        "subfile": (b"x", [*RAW, "-i", f"subfile,,start,0,end,4000,,:{raw}", "-f", "s16le"]),
        "concat:": (b"x" * 100, [*RAW, "-i", f"concat:{{evil}}|{raw}", "-f", "s16le"]),
        "another name": (b"x", [*RAW, "-i", f"file:{raw}", "-f", "s16le"]),
        "external dref": (b"MOV", [*absolute, "-f", "mov", "-i", "{evil}", "-f", "s16le"]),
    }


@LANDLOCK
@pytest.mark.parametrize("name", sorted(tricks(Path())))
def test_no_trick_reads_a_file_outside(name: str, job: Path) -> None:
    canary = job.parent / "canary.wav"
    content, how = tricks(canary)[name]
    evil = job.parent / "evil.mp4"
    if content == b"MOV":
        silence = ["-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono:d=0.5", "-c:a", "pcm_s16le"]
        content = moved(clips.run(silence, job / "made.mov").read_bytes(), canary)
    evil.write_bytes(content)
    command = words(*(word.format(evil=evil) for word in how), "out")
    assert b"canary sings" in output(command, job, inside=None), "the trick does not work at all"
    inside = Box(read=(evil,), write=(job,))
    assert b"canary sings" not in output(command, job, inside=inside)
    assert b"canary sings" in output(command, job, inside=Box((evil, canary), (job,)))


@contextmanager
def listener() -> Iterator[tuple[int, list[str]]]:
    """A port on loopback, and who came."""
    came: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.1)
        over = threading.Event()

        def serve() -> None:
            while True:
                try:
                    client, address = server.accept()
                except TimeoutError:
                    if over.is_set():  # and nobody waits any more
                        return
                else:
                    came.append(str(address))
                    client.close()

        thread = threading.Thread(target=serve)
        thread.start()
        try:
            yield server.getsockname()[1], came
        finally:
            over.set()
            thread.join()


HLS = "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\n{url}\n#EXT-X-ENDLIST\n"


@pytest.mark.swarm
@pytest.mark.parametrize(
    "how",
    [
        ["-f", "concat", "-safe", "0", "-i", "{evil}"],
        ["-f", "hls", "-allowed_extensions", "ALL", "-i", "{playlist}"],
        ["-f", "mov", "-i", "http://127.0.0.1:{port}/x.mp4"],
        [*RAW, "-i", "tcp://127.0.0.1:{port}"],
    ],
)
def test_no_trick_reaches_a_port(how: list[str], job: Path) -> None:
    evil, playlist = job / "evil.mp4", job / "evil.m3u8"
    for inside in (None, Box(write=(job,))):
        with listener() as (port, came):
            url = f"http://127.0.0.1:{port}/a.ts"
            evil.write_text(f"ffconcat version 1.0\nfile {url}\n")
            playlist.write_text(HLS.format(url=url))
            places = {"evil": evil, "playlist": playlist, "port": port}
            command = words(*(word.format(**places) for word in how), "-f", "null", "out")
            output(command, job, inside=inside)
        assert bool(came) == (inside is None)


def test_our_own_calls_follow_no_reference(tmp_path: Path, job: Path) -> None:
    canary = tmp_path / "canary.wav"
    silence = ["-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono:d=0.5", "-c:a", "pcm_s16le"]
    evil = tmp_path / "evil.mov"
    evil.write_bytes(moved(clips.run(silence, job / "made.mov").read_bytes(), canary))
    with suppress(InputRefused):
        assert probe.facts(evil).video is None
    sound = ffmpeg.source(evil, "mov")["a:0"].output("out", format="s16le")
    with suppress(ProgramFailed):
        ffmpeg.run(sound, work=job, seconds=Fraction(1))
    assert b"canary" not in ((job / "out").read_bytes() if (job / "out").exists() else b"")


PYTHON_BOX = """
import os, sys
sys.path.insert(0, sys.argv[1])
import ctypes, socket
from packager import walls
walls.close_in(write=[sys.argv[2]], limits={}, opens=sys.argv[3] == "opens")
def tried(what, act):
    try:
        act(); print(what)
    except OSError:
        pass
here, home = sys.argv[2], os.path.dirname(sys.argv[2])
libc = ctypes.CDLL(None, use_errno=True)
def call(*words):
    if libc.syscall(*words) < 0:
        raise OSError(ctypes.get_errno(), "no")
tried("write inside", lambda: open(here + "/made", "w").close())
tried("write outside", lambda: open(home + "/made", "w").close())
tried("truncate", lambda: os.truncate(home + "/canary.wav", 0))
tried("chmod", lambda: os.chmod(home + "/canary.wav", 0o777))
tried("times", lambda: os.utime(home + "/canary.wav", (0, 0)))
tried("unlink", lambda: os.unlink(home + "/canary.wav"))
tried("rename", lambda: os.rename(home + "/canary.wav", home + "/x"))
tried("link", lambda: os.link(home + "/canary.wav", here + "/x"))
tried("symlink", lambda: os.symlink(home + "/canary.wav", here + "/y"))
tried("list", lambda: os.listdir(home))
tried("fork", lambda: os.fork() or os._exit(0))
tried("kill", lambda: os.kill(os.getppid(), 0))
for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, socket.AF_NETLINK):
    tried("socket", lambda: socket.socket(family).close())
tried("pair", lambda: socket.socketpair())
tried("memfd", lambda: os.memfd_create("x"))
tried("io_uring", lambda: call(425, 4, ctypes.create_string_buffer(200)))
x86 = os.uname().machine == "x86_64"
tried("ptrace", lambda: call(101 if x86 else 117, 16, os.getppid(), 0, 0))
tried("namespace", lambda: call(272 if x86 else 97, 0x10000000))
"""


@LANDLOCK
@pytest.mark.parametrize(("opens", "left"), [("opens", "write inside\n"), ("no", "")])
def test_what_is_left_to_a_program_that_was_taken_over(job: Path, opens: str, left: str) -> None:
    canary = job.parent / "canary.wav"
    before = canary.stat()
    root = str(Path(box.__file__).parents[1])
    command = [sys.executable, "-c", PYTHON_BOX, root, str(job), opens]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    assert done.stdout == left
    assert SECRET in canary.read_bytes()
    assert (canary.stat().st_mode, canary.stat().st_mtime_ns) == (
        before.st_mode,
        before.st_mtime_ns,
    )


POORER = """
import sys
sys.path.insert(0, sys.argv[1])
import socket
from packager import walls
if "landlock" in sys.argv[3]:
    walls.abi = lambda: 0
if "seccomp" in sys.argv[3]:
    walls._ARCH = {}
print(walls.close_in(opens=False), end=" ")
walls._try_out(sys.argv[2])
"""


@LANDLOCK
@pytest.mark.parametrize(
    ("without", "said"),
    [
        ("nothing", "landlock=7 network=seccomp open="),
        ("landlock", "landlock=0 network=seccomp open="),
        ("seccomp", "landlock=7 network=namespace open="),
        ("landlock seccomp", "landlock=0 network=namespace open=file"),
    ],
)
def test_a_poorer_machine_gets_the_walls_it_has(job: Path, without: str, said: str) -> None:
    root = str(Path(box.__file__).parents[1])
    command = [sys.executable, "-c", POORER, root, str(job.parent / "canary.wav"), without]
    done = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    if "network=none" in done.stdout:
        pytest.skip("users may make no namespaces here")
    assert done.stdout.strip() == said.replace("landlock=7", f"landlock={walls.abi()}"), done.stderr


def test_walls_stay_up_for_the_command_and_its_signals_are_as_found(job: Path) -> None:
    status = Path("/proc/self/status")
    done = program.run(["/bin/cat", status], cwd=job, timeout=10, box=Box((Path("/proc"),), (job,)))
    lines = dict(line.split(":\t", 1) for line in done.stdout.splitlines() if ":\t" in line)
    assert (lines["NoNewPrivs"], lines["Seccomp"].strip()) == ("1", "2")
    ignored = int(lines["SigIgn"], 16) & 0x7FFF_FFFF  # 32 and 33 are the C library's own
    assert ignored == 0, "a full pipe or disk must end it"


def test_a_boxed_program_gets_only_the_given_environment(job: Path) -> None:
    done = program.run(["/usr/bin/env"], cwd=job, timeout=10, env={"LC_ALL": "C"}, box=Box())
    assert done.stdout == "LC_ALL=C"


def test_no_boxed_child_outlives_us(job: Path) -> None:
    code = (
        "from pathlib import Path; from packager import program; from packager.box import Box\n"
        "with program.start(['/bin/sleep', '60'], cwd=Path('.'), box=Box()) as running:\n"
        "    print(running.pid, flush=True); running.wait(50)"
    )
    command = [sys.executable, "-c", code]
    with subprocess.Popen(command, cwd=job, stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout is not None
        child = Path("/proc") / parent.stdout.readline().strip()
        while (child / "exe").readlink().name == Path(sys.executable).resolve().name:
            time.sleep(0.01)  # the walls are still being raised
        os.kill(parent.pid, signal.SIGKILL)
    for _ in range(100):
        if not child.exists() or " Z " in (child / "stat").read_text():
            return
        time.sleep(0.05)
    pytest.fail("it lives on")


def test_memory_and_time_are_bounded(job: Path) -> None:
    large = plain("-f", "lavfi", "-i", "color=s=16000x16000:d=9", "-f", "null", "out")
    with pytest.raises(ProgramFailed, match="ffmpeg"):
        program.run(large, cwd=job, timeout=30, box=Box((), (job,), Limits(memory=1 << 29)))
    long = plain("-f", "lavfi", "-i", "mandelbrot=s=640x360", "-f", "null", "out")
    before = time.monotonic()
    with pytest.raises(ProgramFailed):
        program.run(long, cwd=job, timeout=60, box=Box((), (job,), Limits(cpu=1)))
    assert time.monotonic() - before < 30


def test_a_wall_that_cannot_be_raised_stops_all(job: Path) -> None:
    wrong = Box((), (job,), Limits(memory=2**70))
    with pytest.raises(MachineFailed, match="could not be closed in") as caught:
        program.run(["/bin/true"], cwd=job, timeout=10, box=wrong)
    assert "doctor" in caught.value.hints[0]


def test_a_crash_of_ffmpeg_is_a_refused_clip(tmp_path: Path, job: Path) -> None:
    clip = clips.make("long.mp4", tmp_path)

    def strike(_: float) -> None:
        children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
        for child in children:
            os.kill(int(child), signal.SIGSEGV)

    output = ffmpeg.source(clip, "mov", re=None)["V:0"].output("out.mkv")
    with pytest.raises(InputRefused, match="makes ffmpeg crash"):
        ffmpeg.run(output, work=job, seconds=Fraction(8), progress=strike)


def test_filters_are_right_for_both_machines() -> None:
    for machine in walls._ARCH.values():
        for opens in (True, False):
            steps = walls.program(machine, opens=opens)
            assert len(steps) < 4096
            for place, (code, yes, no, _) in enumerate(steps):
                if code in {walls._EQUAL, walls._AT_LEAST, walls._BITS}:
                    assert place + 1 + max(yes, no) < len(steps)
    numbers = walls._OUT_OF_REACH | {"network": walls._NETWORK}
    assert numbers.keys() >= set(walls._ARCH.values())


def test_doctor_says_what_stands(tmp_path: Path) -> None:
    done = Command(tmp_path / "home")("doctor", "--json")
    checks = {check["name"]: check for check in json.loads(done.out)["checks"]}
    assert done.code == 0
    assert all(check.keys() == {"name", "state", "detail", "hint"} for check in checks.values())
    assert checks["ffmpeg"]["state"] == checks["film reader"]["state"] == "ok"
    assert (checks["wall: files"]["state"] == "missing") == (walls.abi() == 0)
    assert checks["wall: network"]["state"] == "ok"


def test_doctor_ends_with_5_where_nothing_can_be_packed(tmp_path: Path) -> None:
    broken = Command(tmp_path / "home", env={"PACKAGER_FFMPEG": str(tmp_path / "none")})
    done = broken("doctor")
    assert done.code == 5
    assert "missing  ffmpeg: no program none" in done.out
