"""Run the real command in a process of its own, as people do."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import imageio_ffmpeg

SAMPLE = Path(__file__).parents[1] / "samples" / "report"

_MORE = re.compile(r"^(summary: .*|(sources|links|tools):(\n  - .*)+)\n", re.MULTILINE)


def brief(folder: Path) -> Path:
    """The sample with a sentence of text and two seconds of film: packed in a third of the time."""
    folder.mkdir()
    for path in SAMPLE.glob("*.md"):
        text = path.read_text("utf-8").partition("\n\n")[0]
        (folder / path.name).write_text(_MORE.sub("", text) + "\n", "utf-8")
    for path in SAMPLE.glob("*.srt"):
        shutil.copy(path, folder)
    cut = (imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-loglevel", "error", "-t", "2")
    copied = ("-i", SAMPLE / "clip.mp4", "-c", "copy", folder / "clip.mp4")
    subprocess.run([*cut, *copied], check=True)
    return folder


@dataclass(frozen=True)
class Done:
    """What a command left behind on its two streams."""

    code: int
    out: str
    err: str

    @property
    def facts(self) -> dict[str, Any]:
        lines = self.out.splitlines()
        assert len(lines) == 1, "exactly one JSON object"
        facts = json.loads(lines[0])
        assert isinstance(facts, dict)
        return facts


@dataclass(frozen=True)
class Command:
    """``packager`` with a home."""

    home: Path
    cwd: Path | None = None
    env: Mapping[str, str] | None = None
    python: str = sys.executable
    wrap: tuple[str, ...] = ()  # a program that runs it: strace, taskset, prlimit

    def __call__(self, *arguments: str | Path, given: str | None = None) -> Done:
        line = [*self.wrap, self.python, "-m", "packager", "--home", str(self.home)]
        done = subprocess.run(
            [*line, *map(str, arguments)],
            input=given or "",
            capture_output=True,
            text=True,
            check=False,
            cwd=self.cwd,
            env={**os.environ, "NO_COLOR": "1", **(self.env or {})},
            timeout=300,
        )
        return Done(done.returncode, done.stdout, done.stderr)


def throwaway(home: Path, name: str = "desk") -> Command:
    """A home with a throw-away publisher."""
    command = Command(home)
    done = command("publisher", "new", name, "--no-passphrase", "--json")
    assert done.code == 0, done.err
    return command
