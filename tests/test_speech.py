"""Speech in nine languages: its bytes, its bounds, and what a voice is given to read."""

import os
import re
import wave
from array import array
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from packager import render, speech, voice
from packager.disguise import telling
from packager.errors import InputRefused, MachineFailed
from packager.speech import burmese, wording
from packager.values import Language, hidden_characters

SENTENCES = {
    Language.EN: "The committee met on Tuesday. In 2021, 1,250 people signed the letter.",
    Language.RU: "Комитет собрался во вторник. В 2021 году письмо подписали 1250 человек.",
    Language.UK: "Комітет зібрався у вівторок. У 2021 році лист підписали 1250 людей.",
    Language.BE: "Камітэт сабраўся ў аўторак. У 2021 годзе ліст падпісалі 1250 чалавек.",
    Language.FA: "کمیته روز سه‌شنبه تشکیل جلسه داد. در سال ۲۰۲۱، ۱۲۵۰ نفر نامه را امضا کردند.",
    Language.AR: "اجتمعت اللجنة يوم الثلاثاء. في عام 2021 وقع 1250 شخصا على الرسالة.",
    Language.ZH: "委员会星期二开会。2021年，有1250人在信上签了名。",
    Language.MY: "ကော်မတီသည် အင်္ဂါနေ့တွင် တွေ့ဆုံခဲ့သည်။ လူ ၁၂၅၀ ဦး လက်မှတ်ထိုးခဲ့သည်။",
    Language.ES: "El comité se reunió el martes. En 2021 firmaron la carta 1.250 personas.",
}

NOSY = """
import sys, socket, packager.voice as v
def say(library, data, voice, speed, out):
    for way in (lambda: open({secret!r}), socket.socket):
        try: way()
        except OSError: continue
        sys.exit(9)
    raise v._NoVoiceError
v._Speaker = say
v.main(sys.argv[1], int(sys.argv[2]), sys.argv[3])
"""


def samples(path: Path) -> "array[int]":
    with wave.open(str(path)) as sound:
        assert (sound.getnchannels(), sound.getsampwidth()) == (1, 2)
        assert sound.getframerate() == voice.RATE
        return array("h", sound.readframes(sound.getnframes()))


def strongest(sound: "array[int]") -> int:
    return max(map(abs, sound))


@pytest.mark.slow
@pytest.mark.parametrize("language", list(Language))
def test_every_language_speaks_at_a_persons_pace_and_never_clips(
    language: Language, tmp_path: Path
) -> None:
    spoken = speech.speak([SENTENCES[language]], language, tmp_path, "voice")
    sound = samples(spoken.path)
    assert 3 < spoken.duration < 20
    assert Fraction(len(sound), voice.RATE) == spoken.duration
    assert 6_000 < strongest(sound) < 32_000
    second = voice.RATE
    loud = [strongest(sound[at : at + second]) for at in range(0, len(sound) - second, second)]
    assert min(loud) > 500, "a second of silence in the middle of a sentence"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["voice.wav"]


def test_starts_say_where_each_paragraph_begins(tmp_path: Path) -> None:
    texts = ["One.", "Two is longer than one was.", "Three."]
    spoken = speech.speak(texts, Language.EN, tmp_path, "voice", pauses=[Fraction(1)] * 3)
    sound = samples(spoken.path)
    assert spoken.starts[0] == 0
    assert list(spoken.starts) == sorted(set(spoken.starts))
    for start in (*spoken.starts[1:], spoken.duration):
        at = round(start * voice.RATE)
        assert not any(sound[at - voice.RATE : at]), "the pause"
        assert at == len(sound) or any(sound[at : at + voice.RATE])


def test_one_text_gives_the_same_bytes(tmp_path: Path) -> None:
    texts = ["One sentence.", "And another one, 12.5% longer."] * 3
    first = speech.speak(texts, Language.EN, tmp_path, "first")
    again = speech.speak(texts, Language.EN, tmp_path, "again")
    assert first.path.read_bytes() == again.path.read_bytes()
    assert first.starts == again.starts


def test_progress_comes_to_its_end(tmp_path: Path) -> None:
    seen: list[float] = []
    speech.speak(["One."] * 9, Language.EN, tmp_path, "voice", progress=seen.append)
    assert seen == sorted(seen)
    assert seen[-1] == 1


@pytest.mark.parametrize("texts", [[], [""], ["…", "— !", "😀"]])
def test_a_text_without_words_is_refused(texts: list[str], tmp_path: Path) -> None:
    with pytest.raises(InputRefused, match="no word"):
        speech.speak(texts, Language.EN, tmp_path, "voice")
    assert not list(tmp_path.iterdir())


def test_a_language_without_a_voice_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(speech._VOICES, Language.BE)
    with pytest.raises(InputRefused, match="no voice for the language be") as refused:
        speech.speak(["Так."], Language.BE, tmp_path, "voice")
    assert "record" in refused.value.hints[0]


def test_a_voice_that_is_missing_is_the_machines_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(speech._VOICES, Language.EN, ("nowhere", 100))
    with pytest.raises(MachineFailed, match="voice is missing"):
        speech.speak(["Yes."], Language.EN, tmp_path, "voice")
    assert not list(tmp_path.iterdir())


def test_a_text_that_crashes_the_voice_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speech, "CHILD", ("-c", "import os; os.kill(os.getpid(), 6)"))
    with pytest.raises(InputRefused, match="makes the voice crash"):
        speech.speak(["Yes."], Language.EN, tmp_path, "voice")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("lines", ["", "0\n", "0\nx\n", "9\n3\n", "too-long\n"])
def test_what_the_child_says_is_not_believed(
    lines: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(speech, "CHILD", ("-c", f"import sys; sys.stdout.write({lines!r})"))
    with pytest.raises((InputRefused, MachineFailed)):
        speech.speak(["Yes."], Language.EN, tmp_path, "voice")


@pytest.mark.skipif(os.uname().sysname != "Linux", reason="walls are Linux's")
def test_the_voice_stands_behind_walls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = tmp_path / "secret"
    secret.write_text("x")
    child = NOSY.format(secret=str(secret))
    monkeypatch.setattr(speech, "CHILD", ("-c", child))
    with pytest.raises(MachineFailed, match="voice is missing"):
        speech.speak(["Yes."], Language.EN, tmp_path, "voice")


@pytest.mark.slow
def test_a_long_text_takes_no_more_memory(tmp_path: Path) -> None:
    import resource  # noqa: PLC0415 -- Windows has no such module

    speech.speak(["One sentence."], Language.EN, tmp_path, "short")
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    texts = [SENTENCES[Language.EN] * 4] * 30
    long = speech.speak(texts, Language.EN, tmp_path, "long")
    after = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    assert long.duration > 500
    assert after - before < 8 * 1024, "KiB"
    long.path.unlink()


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.slow
def test_our_own_words_can_be_spoken(language: Language, tmp_path: Path) -> None:
    notice = render.notice(language)
    texts = [*notice.card_lines, *notice.check_lines, *notice.pass_on_lines, *notice.readme_neutral]
    assert speech.speak(texts, language, tmp_path, "voice").duration > 20


@pytest.mark.parametrize(
    ("language", "written", "spoken"),
    [
        (Language.RU, "12 500 человек", "12500 человек"),
        (Language.RU, "1\u00a0250\u00a0000 руб.", "1250000 рублей"),
        (Language.RU, "в 2021 250 человек", "в 2021 250 человек"),
        (Language.RU, "в 2021 г., т. е. давно", "в 2021 года, то есть давно"),
        (Language.RU, "5 тыс. и 7 млн, и т. д.", "5 тысяч и 7 миллионов, и так далее"),
        (Language.RU, "12,5 %", "12,5 процентов"),
        (Language.RU, "и/или", "и, или"),
        (Language.UK, "3 млрд грн", "3 мільярдів гривень"),
        (Language.BE, "№ 5 і г. д.", "нумар 5 і гэтак далей"),
        (Language.ES, "EE. UU., 10 km", "Estados Unidos, 10 kilómetros"),
        (Language.EN, "$5m or $2 billion", "5 million dollars or 2 billion dollars"),
        (Language.EN, "Dr. Smith, No. 5", "Doctor Smith, number 5"),
        (Language.EN, "see https://user@www.example.org/a/b?c=1#d.", "see example dot org"),
        (Language.RU, "на example.org.", "на example точка org."),
        (Language.EN, "write to desk@news.example.org", "write to desk@news dot example dot org"),
        (Language.EN, "3.14 and e.g. 5.", "3.14 and e.g. 5."),
        (Language.ZH, "增长12.5%", "增长百分之12.5"),
        (Language.FA, "۱٬۲۵۰ نفر", "۱٬۲۵۰ نفر".replace("٬", "")),
        (Language.EN, "**bold** [[i:]] <b>\x01 x 😀", "bold i: b x"),
        (Language.EN, "on 2026-05-31.", "on 31 May 2026."),
        (Language.RU, "2026-05-31", "31 мая 2026 года"),
        (Language.ZH, "2026-05-01", "2026年5月1日"),
        (Language.ES, "2026-12-01", "1 de diciembre de 2026"),
        (Language.EN, "12026-05-31", "12026-05-31"),
        (Language.EN, "a\u202eb\u200bc", "abc"),
    ],
)
def test_what_a_voice_would_misread_is_put_in_words(
    language: Language, written: str, spoken: str
) -> None:
    assert wording.spoken(written, language) == spoken


@settings(max_examples=200)
@given(st.text(max_size=200), st.sampled_from(list(Language)))
def test_no_text_can_command_the_voice(text: str, language: Language) -> None:
    spoken = wording.spoken(text, language)
    assert not hidden_characters(spoken)
    ours = re.sub(r"\[\[[a-zA-Z?@_^245]+\]\]", "", spoken)
    assert not set(ours) & set("[]<>\n")
    assert max(map(len, spoken.split()), default=0) <= 60


@pytest.mark.slow
@pytest.mark.parametrize("language", list(Language))
def test_plans_expect_the_pace_that_the_voice_has(language: Language, tmp_path: Path) -> None:
    notice = render.notice(language)
    texts = [*notice.card_lines, *notice.check_spoken, *notice.pass_on_lines, *notice.readme_book]
    spoken = speech.speak(texts, language, tmp_path, "voice")
    voiced = float(spoken.duration - speech.PAUSE * len(texts))
    assert 0.75 < sum(map(len, texts)) / voiced / telling.PACE[language] < 1.33


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("မြန်မာ", "[[mja2Nma2]]"),
        ("ရန်ကုန်", "[[ja2Nko2N]]"),
        ("ကျောင်း", "[[tSau4N]]"),
        ("လွတ်လပ်ရေး။", "[[lu5?la5?je4]]."),
        ("အန္တရာယ်", "[[?a2Nt@jE2]]"),
        ("နိုင်ငံ", "[[nai2NNa2N]]"),
        ("ဒီမိုကရေစီ", "[[di2mo2k@je2]] [[si2]]"),
        ("ပြည်သူ့", "[[pji2Tu5]]"),
    ],
)
def test_burmese_spelling_becomes_sounds(written: str, spoken: str) -> None:
    assert wording.spoken(written, Language.MY) == spoken


@pytest.mark.parametrize(
    ("digits", "words"),
    [
        ("0", "သုည"),
        ("10", "တစ်ဆယ်"),
        ("၁၂၅၀", "တစ်ထောင့်နှစ်ရာ့ငါးဆယ်"),
        ("2021", "နှစ်ထောင့်နှစ်ဆယ့်တစ်"),
        ("1,000,000", "တစ်သန်း"),
        ("12000000", "တစ်ဆယ့်နှစ်သန်း"),
        ("3.5", "သုံးဒသမငါး"),
        ("9" * 5000, "ကိုး" * 5000),
    ],
)
def test_burmese_numbers_are_words(digits: str, words: str) -> None:
    assert burmese.number(digits) == words


@pytest.mark.slow
@settings(max_examples=12)
@given(st.text(st.characters(min_codepoint=0x1000, max_codepoint=0x109F), max_size=600))
def test_no_burmese_text_crashes_the_voice(text: str) -> None:
    with TemporaryDirectory() as folder:
        speech.speak([text, "abc"], Language.MY, Path(folder), "voice")
