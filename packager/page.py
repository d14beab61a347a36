"""The verifier as one HTML file: anybody with a browser checks a release, without a network.

The page is built at development time (``templates/page/build.mjs``) and kept beside its sources;
here it is only copied out. It proves nothing to whoever got it together with the file it checks,
so its SHA-256 is reported: that number is what travels another way.
"""

import os
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from packager import files
from packager.errors import InputRefused, MachineFailed

NAME = "verify.html"
_HERE = Path(__file__).parent
_PLACES = (_HERE / "templates", _HERE.parent / "templates")  # a wheel, then a checkout


@dataclass(frozen=True, slots=True)
class Page:
    """A page that was written; ``sha256`` is in hex."""

    path: Path
    sha256: str


def write(out: Path) -> Page:
    """Copy the page to ``out``; InputRefused where something is there already."""
    data = content()
    if os.path.lexists(out):
        raise files.already_there(out, "choose another --out, or move the old one away")
    if not out.parent.is_dir():
        raise InputRefused(f"there is no folder {files.shown(out.parent)}", "make it first")
    files.write_atomic(out, data)
    return Page(out, sha256(data).hexdigest())


def content() -> bytes:
    """The page's bytes, the same for everybody who has this version."""
    for place in _PLACES:
        path = place / "page" / NAME
        if path.is_file():
            return path.read_bytes()
    raise MachineFailed(
        "the verifier page is missing from this installation",
        "install the package again; it may be incomplete",
    )
