"""Identities: their keys are read by the real minisign and ssh-keygen, both ways."""

import random
import subprocess
from hashlib import blake2b, sha256
from pathlib import Path

import pytest
import sealed
from hypothesis import given
from hypothesis import strategies as st
from tools import tool

from packager import chain as chains
from packager import minisign, pins, publisher, sshsig, words
from packager.errors import InputRefused, PackagerError, UsageMistake
from packager.keyring import Home
from packager.keys import SecretKey
from packager.publisher import PaperKey, paper

pytestmark = pytest.mark.tool
PASSPHRASE = "correct horse"


def entropy(size: int) -> bytes:
    return bytes(range(7, 7 + size))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    home = Home(tmp_path_factory.mktemp("home"))
    made = publisher.new(home, "desk", PASSPHRASE, entropy)
    assert publisher.check_backup(home, made.publisher, made.paper_key)
    return home


def run(*arguments: str | Path, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(a) for a in arguments], input=given, capture_output=True, text=True, check=False
    )


def test_minisign_signs_with_our_daily_key_and_we_agree_byte_for_byte(
    home: Home, tmp_path: Path
) -> None:
    desk = home.publisher("desk")
    daily = home.daily_key(desk, lambda _: PASSPHRASE)
    message = tmp_path / "news.txt"
    message.write_bytes(b"news\n")

    done = run(
        *(tool("minisign"), "-S", "-H", "-s", desk.folder / "daily.key", "-m", message),
        *("-t", "a comment", "-x", tmp_path / "theirs"),
        given=PASSPHRASE + "\n",
    )

    assert done.returncode == 0, done.stderr
    ours = minisign.signature_file(daily, blake2b(b"news\n").digest(), "a comment")
    theirs = (tmp_path / "theirs").read_text(encoding="ascii")
    assert ours.splitlines()[1:] == theirs.splitlines()[1:]


def test_minisign_verifies_what_we_sign(home: Home, tmp_path: Path) -> None:
    desk = home.publisher("desk")
    daily = home.daily_key(desk, lambda _: PASSPHRASE)
    message = tmp_path / "news.txt"
    message.write_bytes(b"news\n")
    signature = minisign.signature_file(daily, blake2b(b"news\n").digest(), "comment")
    (tmp_path / "news.txt.minisig").write_text(signature, encoding="ascii")
    key = publisher.facts(desk)["minisign_public_key"]

    assert run(tool("minisign"), "-V", "-H", "-P", key, "-m", message).returncode == 0
    message.write_bytes(b"lies\n")
    assert run(tool("minisign"), "-V", "-H", "-P", key, "-m", message).returncode != 0


def test_we_open_a_key_that_minisign_made(tmp_path: Path) -> None:
    done = run(*(tool("minisign"), "-G", "-W", "-p", tmp_path / "p.pub", "-s", tmp_path / "s.key"))
    assert done.returncode == 0, done.stderr

    key = minisign.open_secret_key((tmp_path / "s.key").read_text(encoding="ascii"), "")

    line = (tmp_path / "p.pub").read_text(encoding="ascii").splitlines()[1]
    assert minisign.public_key_text(key.public)[14:] == line[14:]


def test_a_wrong_passphrase_opens_nothing(home: Home) -> None:
    with pytest.raises(InputRefused, match="passphrase does not open"):
        home.daily_key(home.publisher("desk"), lambda _: "wrong")


def test_ssh_keygen_verifies_our_signature(home: Home, tmp_path: Path) -> None:
    desk = home.publisher("desk")
    daily = home.daily_key(desk, lambda _: PASSPHRASE)
    (tmp_path / "allowed").write_text(publisher.facts(desk)["allowed_signers"], encoding="ascii")
    signature = sshsig.sign(daily, sshsig.RELEASE, b"news\n")
    armor = sshsig.armor(daily.public, sshsig.RELEASE, signature)
    (tmp_path / "sig").write_text(armor, encoding="ascii")
    command = (
        *(tool("ssh-keygen"), "-Y", "verify", "-f", tmp_path / "allowed", "-I", "desk"),
        *("-n", "release@magnitizdat", "-s", tmp_path / "sig"),
    )

    assert run(*command, given="news\n").returncode == 0
    assert run(*command, given="lies\n").returncode != 0


def test_the_paper_key_gives_the_root_again(tmp_path: Path) -> None:
    made = publisher.new(Home(tmp_path), "desk", "", entropy)

    again = PaperKey(made.paper_key.secret_words).secret_key

    assert again.public == made.publisher.chain.first_root
    assert len(made.paper_key.secret_words.split()) == 12
    stored = b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())
    assert again.secret_seed not in stored
    assert made.paper_key.secret_words.encode() not in stored


def test_a_name_is_never_replaced(home: Home) -> None:
    before = {p: p.read_bytes() for p in home.path.rglob("*") if p.is_file()}

    with pytest.raises(InputRefused, match="already"):
        publisher.new(home, "desk", "", entropy)

    assert {p: p.read_bytes() for p in home.path.rglob("*") if p.is_file()} == before


@pytest.mark.parametrize("name", ["", "a b", "../up", ".hidden", "CON", "x" * 70, "a\u202eb"])
def test_bad_names_are_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputRefused):
        publisher.new(Home(tmp_path), name, "", entropy)


def test_an_unknown_publisher_is_named_with_those_there_are(home: Home) -> None:
    with pytest.raises(UsageMistake) as caught:
        home.publisher("nobody")

    assert caught.value.hints == ("publishers here: desk",)


def test_a_pin_line_comes_back_and_a_changed_one_is_refused(home: Home) -> None:
    pin = home.publisher("desk").pin

    assert pins.parse(f"# trusted\n\n{pin.line}\n") == (pin,)
    other = sealed_key(9).public
    changed = pin.line.replace(sshsig.public_line(pin.root or other), sshsig.public_line(other))
    with pytest.raises(InputRefused, match="pin line 1: the words do not belong"):
        pins.parse(changed)


def test_words_alone_are_a_pin_too(home: Home) -> None:
    pin = home.publisher("desk").pin
    (spoken,) = pins.parse(f"radio words {words.spell(pin.words)}\n")

    assert (spoken.name, spoken.words, spoken.root) == ("radio", pin.words, None)
    assert pins.parse(spoken.line) == (spoken,)


def sealed_key(number: int) -> SecretKey:
    return SecretKey(bytes([number]) * 32)


def longer_chain() -> chains.Chain:
    """Two roots: the second was committed to and signs alone."""
    root, following, daily, pointer = map(sealed_key, (1, 2, 3, 4))
    first = chains.first(root, following.public, daily.public, pointer.public)
    second = chains.Statement(
        number=2,
        root=following.public,
        next_root=b"\5" * 32,
        previous=sha256(first.latest.encode()).digest(),
        keys=((daily.public, chains.State.STOLEN), (pointer.public, chains.State.ACTIVE)),
        pointer=pointer.public,
    )
    signature = sshsig.sign(following, sshsig.STATEMENT, second.encode())
    return chains.Chain((*first.links, (second, signature)))


def test_a_committed_root_takes_over_and_calls_a_key_stolen() -> None:
    chain = chains.parse(longer_chain().encode())

    assert chain.first_root == sealed_key(1).public
    assert chain.latest.root == sealed_key(2).public
    assert chain.state_of(sealed_key(3).public) is chains.State.STOLEN
    assert chain.state_of(sealed_key(9).public) is None


@given(st.data())
def test_no_flipped_bit_of_a_chain_passes(data: st.DataObject) -> None:
    record = bytearray(longer_chain().encode())
    at = data.draw(st.integers(0, len(record) - 1))
    record[at] ^= 1 << data.draw(st.integers(0, 7))

    with pytest.raises(PackagerError):
        chains.parse(bytes(record))


def test_a_root_that_nobody_committed_to_is_refused() -> None:
    chain = longer_chain()
    thief = sealed_key(8)
    stated, _ = chain.links[1]
    forged = chains.Statement(
        2, thief.public, stated.next_root, stated.previous, stated.keys, stated.pointer
    )
    link = (forged, sshsig.sign(thief, sshsig.STATEMENT, forged.encode()))

    with pytest.raises(InputRefused, match="nobody committed"):
        chains.Chain((chain.links[0], link))


def test_desks_of_tests_differ(tmp_path: Path) -> None:
    one, two = sealed.desk(tmp_path / "1", "one"), sealed.desk(tmp_path / "2", "two")

    assert one.publisher.pin.words != two.publisher.pin.words


def test_a_longer_chain_names_what_changed_and_what_is_active(tmp_path: Path) -> None:
    desk = sealed.desk(tmp_path)
    paper, chain = PaperKey(desk.paper_words).secret_key, desk.publisher.chain
    daily = sealed_key(5).public

    longer = chains.extend(
        chain, paper, {desk.daily.public: chains.State.LOST, daily: chains.State.ACTIVE}
    )

    assert chains.parse(longer.encode()) == longer
    assert list(longer.states.values()) == [chains.State.LOST, chains.State.ACTIVE]
    assert (longer.daily, chain.daily) == (daily, desk.daily.public)
    assert longer.parts_from(chain) == chain.parts_from(longer) == 0
    assert chains.extend(chain, paper, {}).parts_from(longer) == 2
    with pytest.raises(InputRefused, match="no paper key that holds"):
        chains.extend(chain, sealed_key(9), {})


def test_a_chain_stops_growing_before_seals_overflow(tmp_path: Path) -> None:
    desk = sealed.desk(tmp_path)
    paper, chain = PaperKey(desk.paper_words).secret_key, desk.publisher.chain
    many = {sealed_key(n).public: chains.State.RETIRED for n in range(10, 62)}
    step = len(chains.extend(chain, paper, many).encode()) - len(chain.encode()) + 100

    while len(chain.encode()) + step < chains.MAX_CHAIN_BYTES:
        chain = chains.extend(chain, paper, many)

    with pytest.raises(InputRefused, match="no room"):
        chains.extend(chain, paper, many)


def test_a_key_is_found_by_any_of_its_names(tmp_path: Path) -> None:
    desk = sealed.desk(tmp_path)
    chain, daily = desk.publisher.chain, desk.daily.public

    for text in ("daily", "1", daily.raw.hex(), daily.raw.hex()[:8].upper()):
        assert publisher.find_key(chain, text) == daily
    assert publisher.find_key(chain, minisign.public_key_text(daily)) == daily
    for text in ("2", "0", "", "00", daily.raw.hex()[:7], "f" * 64, "nobody"):
        with pytest.raises(UsageMistake) as caught:
            publisher.find_key(chain, text)
        assert "1: " in caught.value.hints[1]


SLIPS = [
    "zoo " * 12,
    "abandon " * 12,
    "abandon " * 11,
    "xyzzy " + "abandon " * 11,
    "",
    "\u202e" * 9,
]


@pytest.mark.parametrize("text", SLIPS)
def test_a_card_read_badly_is_refused_without_its_words(text: str) -> None:
    with pytest.raises(InputRefused) as caught:
        paper.parse(text)

    said = " ".join((caught.value.fact, *caught.value.hints))
    assert not {"zoo", "abandon", "xyzzy"} & set(said.split())


def test_a_card_may_be_typed_with_capitals_numbers_and_commas() -> None:
    words = "abandon " * 11 + "about"
    typed = ", ".join(f"{n}. {word.upper()}" for n, word in enumerate(words.split(), 1))

    assert paper.parse(typed) == PaperKey(words)


@given(st.randoms(use_true_random=False))
def test_three_different_places_are_asked_for(chance: random.Random) -> None:
    places = paper.places_to_check(chance.randbytes)

    assert len(set(places)) == 3
    assert list(places) == sorted(places)
    assert set(places) <= set(range(1, 13))
