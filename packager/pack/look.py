"""Write the files that stand beside the sealed ones: poster, ReadMe, NFO."""

from pathlib import Path

from packager import files, render
from packager.disguise.base import Plan, Readme
from packager.disguise.items import FilmItem, SoundItem
from packager.pack import making
from packager.pack.making import Made
from packager.pack.work import Work

REMAINS = (
    "what no program can remove: faces, voices, the sensor's noise, reflections, places and"
    " writing in the picture, watermarks of the camera"
)


def write_poster(plan: Plan, folder: Path, bench: Path) -> None:
    """Write the poster into ``folder``, if the release has one that is not there yet."""
    if plan.poster_file and not (folder / plan.poster_file).exists():
        data = making.cover(plan.poster, plan.poster_size, bench)
        files.write_atomic(folder / plan.poster_file, data)


def write_texts(work: Work, made: tuple[Made, ...], folder: Path, checks: render.Checks) -> None:
    """Write ReadMe, playlist and NFO into ``folder``."""
    plan = work.plan
    if plan.readme_file:
        full = work.options.readme is Readme.FULL
        reports = tuple(story.report for story in work.stories)
        text = render.readme(plan, work.notice, reports, full=full, checks=checks)
        files.write_atomic(folder / plan.readme_file, text)
    if plan.playlist_file:
        files.write_atomic(folder / plan.playlist_file, playlist(made).encode())
    if plan.nfo_file:
        nfo = render.nfo(plan, _nfo_facts(work, made))
        files.write_atomic(folder / plan.nfo_file, nfo)


def playlist(made: tuple[Made, ...]) -> str:
    """The tracks in order, as players read it: relative names, a line feed behind each."""
    lines = ["#EXTM3U"]
    for one in made:
        if isinstance(one.item, SoundItem):
            tags = one.item.tags
            lines.append(f"#EXTINF:{round(one.duration)},{tags.artist} - {tags.title}")
            lines.append(one.item.path)
    return "\n".join(lines) + "\n"


def _nfo_facts(work: Work, made: tuple[Made, ...]) -> dict[str, str]:
    size = sum(one.path.stat().st_size for one in made)
    facts = {"size": f"{size / 2**20:.1f} MiB"}
    seconds = sum(int(one.duration) for one in made)
    if seconds:
        facts["runtime"] = f"{seconds // 60} min {seconds % 60:02} s"
    if any(isinstance(one.item, FilmItem) for one in made):
        spoken = {language for source in work.sources for language, _ in source.subtitles}
        facts["subtitles"] = ", ".join(sorted(spoken)) or "none"
    return facts
