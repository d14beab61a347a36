"""Foreign tools for tests: present, or skipped with a reason; in CI a missing one fails."""

import os
import shutil

import pytest

PLACES = "/usr/bin:/usr/local/bin:/bin"


def tool(name: str) -> str:
    """The path of a tool that nobody here wrote.

    Looked for outside the virtual environment: a package index holds a broken ``minisign``.
    """
    path = shutil.which(name, path=PLACES)
    if path is None:
        reason = f"{name} is not installed; `make tools` installs it"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    return path
