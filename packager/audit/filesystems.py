"""Whether a release fits on a USB stick and under Windows, and what its times say.

The names and sizes of single files are ``safety``'s rules; its refusals are given their names of
checks here.
"""

from collections.abc import Iterator

from packager.audit import checks
from packager.audit.facts import Release
from packager.audit.finding import Check, Finding
from packager.safety import Rule
from packager.safety.names import MAX_PATH
from packager.values import name_problem, printable

_CHECKS: dict[Rule, Check] = {
    Rule.NAME: checks.FILE_NAME,
    Rule.COLLISION: checks.FILE_NAME,
    Rule.SIZE: checks.FILE_SIZE,
}
_FOLDERS_IN_FRONT = 50  # characters: C:\Users\somebody\Downloads\ and some
_WINDOWS = 260


def findings(release: Release) -> Iterator[Finding]:
    """What was refused, and names and times of the folder itself."""
    for refusal in release.refusals:
        check = _CHECKS.get(refusal.rule, checks.UNSAFE_FILE)
        yield check.at(refusal.path, f"{refusal.message} ({refusal.rule})")
    if release.name and (problem := name_problem(release.name)):
        yield checks.FILE_NAME.at(printable(release.name), f"the folder's name {problem}")
    longest = max((file.path for file in release.files), key=len, default="")
    whole = len(release.name) + 1 + len(longest)
    if whole > max(MAX_PATH, _WINDOWS - _FOLDERS_IN_FRONT):
        yield checks.FILE_NAME.at(longest, f"{whole} characters with the folder's name")
    times = {file.time for file in release.files if file.time is not None}
    if len(times) > 1:
        days = round((max(times) - min(times)) / 86400, 1)
        fact = f"its files were written at {len(times)} different times, {days:g} days apart"
        yield checks.FILE_TIMES.at(release.name, fact)
