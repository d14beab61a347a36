"""Write the corpus: one folder for each sample whose name a disk can hold."""

import sys
from contextlib import suppress
from pathlib import Path

from hostile import corpus


def write(root: Path) -> list[str]:
    """Paths of the written files below ``root``."""
    written = []
    for number, sample in enumerate(corpus()):
        folder = root / f"{number:04}"
        target = folder / sample.path
        if ".." in sample.path or "\0" in sample.path or sample.path.startswith("/"):
            continue
        with suppress(OSError, ValueError):
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(sample.make())
            (root / f"{number:04}.txt").write_text(sample.what, encoding="utf-8")
            written.append(str(target.relative_to(root)))
    return written


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    print(len(write(Path(sys.argv[1]))), "files")
