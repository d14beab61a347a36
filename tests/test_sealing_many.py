"""A release of several sealed files: every seal knows the others, every file stands alone."""

import shutil
from pathlib import Path

import pytest
import sealed
import torf

from packager import torrent, unpack, verify
from packager.pack.sealing import Sealed, Unsealed, seal_folder
from packager.torrent import Kind
from packager.values import RelativePath
from packager.verify import Verdict

pytestmark = pytest.mark.tool
NAMES = ("S01/Ferry.S01E01.mkv", "S01/Ferry.S01E02.mp4", "extras/Song.mp3", "extras/Walk.epub")


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> sealed.Desk:
    return sealed.desk(tmp_path_factory.mktemp("home"))


def season(folder: Path, by: sealed.Desk, kind: Kind = Kind.V1) -> Sealed:
    for number, name in enumerate(NAMES):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(sealed.media_bytes(path.suffix[1:], 12 + number))
    (folder / "ReadMe.txt").write_bytes("\ufeffPlays in any player.\r\n".encode())
    unsealed = [
        Unsealed(RelativePath(name), {"report.md": f"---\nlanguage: en\n---\nPart {number}.\n"})
        for number, name in enumerate(NAMES)
    ]
    return seal_folder(folder, unsealed, sealed.terms(), by.signer, kind)


@pytest.mark.parametrize("kind", [Kind.V1, Kind.HYBRID])
def test_torf_finds_every_piece(tmp_path: Path, desk: sealed.Desk, kind: Kind) -> None:
    folder = tmp_path / "Ferry.S01"
    made = season(folder, desk, kind)
    data = torrent.build(folder.name, made.files, made.piece_length, made.sha1_pieces, kind)
    if kind is Kind.HYBRID:  # torf knows no padding files, so they are laid down for it
        for one in torf.Torrent.read_stream(data).files:
            if ".pad" in one.parts:
                (tmp_path / one).parent.mkdir(exist_ok=True)
                (tmp_path / one).write_bytes(bytes(one.size))

    assert torf.Torrent.read_stream(data).verify(folder)


def test_the_folder_is_genuine_and_each_file_alone(tmp_path: Path, desk: sealed.Desk) -> None:
    folder = tmp_path / "Ferry.S01"
    made = season(folder, desk)
    trusted = (desk.publisher.pin,)

    result = verify.release(folder, trusted)

    assert (result.verdict, result.extra, result.missing) == (Verdict.GENUINE, (), ())
    for number, name in enumerate(NAMES):
        alone = tmp_path / f"renamed{Path(name).suffix}"
        shutil.copy(folder / name, alone)
        assert verify.release(alone, trusted).verdict is Verdict.GENUINE
        if not name.endswith(".epub"):
            given = unpack.unpack(alone, trusted, tmp_path / f"report{number}")
            assert f"Part {number}." in given.files[0].read_text("utf-8")
    listed = {one.path: one for one in made.manifests[0].siblings}
    for other in made.manifests[1:]:
        assert listed[other.path].root == other.prefix_root
        assert listed[other.path].sealed
        assert listed[other.path].length == (folder / other.path).stat().st_size


def test_one_altered_and_one_missing_are_named(tmp_path: Path, desk: sealed.Desk) -> None:
    folder = tmp_path / "Ferry.S01"
    season(folder, desk)
    data = bytearray((folder / NAMES[1]).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / NAMES[1]).write_bytes(data)
    (folder / NAMES[2]).unlink()

    result = verify.release(folder, (desk.publisher.pin,))

    assert result.verdict is Verdict.NOT_GENUINE
    wrong = [one.path for one in result.files if one.verdict is not Verdict.GENUINE]
    assert wrong == [NAMES[1]]
    assert result.missing == (NAMES[2],)


def test_a_file_of_another_release_is_told(tmp_path: Path, desk: sealed.Desk) -> None:
    first, second = tmp_path / "a" / "Ferry.S01", tmp_path / "b" / "Ferry.S01"
    season(first, desk)
    (second / "S01").mkdir(parents=True)
    (second / "S01" / "Other.mkv").write_bytes(sealed.media_bytes("mkv", 3))
    season(second, desk)
    shutil.copy(second / NAMES[0], first / NAMES[0])

    result = verify.release(first, (desk.publisher.pin,))

    assert result.verdict is Verdict.GENUINE
    assert [note for note in result.notes if NAMES[0] in note and "another release" in note]
    assert not verify.release(second, (desk.publisher.pin,)).notes


def test_two_runs_give_the_same_bytes(tmp_path: Path, desk: sealed.Desk) -> None:
    first, second = (season(tmp_path / letter / "Ferry", desk) for letter in "ab")
    assert first == second
    for name in NAMES:
        same = (tmp_path / letter / "Ferry" / name for letter in "ab")
        assert next(same).read_bytes() == next(same).read_bytes()


def test_a_seal_fits_whatever_the_spelling_of_the_lengths(
    tmp_path: Path, desk: sealed.Desk
) -> None:
    """Lengths near a power of ten: the seals' own bytes push them over it."""
    for number, size in enumerate((99_000, 100_000, 999_000)):
        folder = tmp_path / str(number)
        folder.mkdir()
        for letter in "abc":
            film = sealed.film_bytes("mp4")
            blank = (8 + size).to_bytes(4, "big") + b"free" + bytes(size)
            (folder / f"{letter}.mp4").write_bytes(film + blank)
        names = [Unsealed(RelativePath(f"{letter}.mp4")) for letter in "abc"]
        seal_folder(folder, names, sealed.terms(), desk.signer, Kind.V1)
        assert verify.release(folder, (desk.publisher.pin,)).verdict is Verdict.GENUINE
