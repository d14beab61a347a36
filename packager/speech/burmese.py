"""Burmese as phonemes, because espeak-ng's own rules for it lose most vowels and crash.

Spelling is turned into syllables and each of them into onset, rhyme and tone, after the usual
tables of Burmese spelling (as in J. Okell, *Burmese: An Introduction to the Script*). The phonemes
are those of espeak-ng's Shan voice, whose language is spoken next door: it has the vowels, the
aspirates and the tones. Sounds that change beside others are spoken as they are spelled.
"""

import re
import unicodedata

_CONSONANT = "[\u1000-\u1021]"
_ASAT, _STACKED = "\u103a", "\u1039"
_SHORT, _LONG = "\u1037", "\u1038"  # dot below: creaky; visarga: high
_YA, _RA, _WA, _HA = "\u103b", "\u103c", "\u103d", "\u103e"
_SYLLABLE = re.compile(
    rf"(?P<onset>{_CONSONANT})(?P<medials>[\u103b-\u103e]*)(?P<vowel>[\u102c-\u1032\u1036]*)"
    rf"(?P<asat>{_ASAT}?)(?P<final>(?:{_CONSONANT}{_SHORT}?{_ASAT})?)(?P<tone>[{_SHORT}{_LONG}]*)"
)
_SPELT_OUT = {
    "\u102b": "ာ",
    "ဿ": "သ်သ",
    "၎င်း": "လဂောင်း",
    "၏": "အိ",
    "၍": "ရွေ့",
    "၌": "နှိုက်",
    "ဣ": "အိ",
    "ဤ": "အီ",
    "ဥ": "အု",
    "ဦ": "အူ",
    "ဧ": "အေ",
    "ဩ": "အော",
    "ဪ": "အော်",
}
_ONSETS = dict(
    zip(
        "ကခဂဃငစဆဇဈဉညဋဌဍဎဏတထဒဓနပဖဗဘမယရလဝသဟဠအ",
        "k k_h g g N s s z z n^ n^ t t_h d d n t t_h d d n p p_h b b m j j l w T h l ?".split(),
        strict=True,
    )
)
_BEFORE_Y = {"k": "tS", "k_h": "tS", "g": "dZ", "N": "n^"}
_BEFORE_H = {"j": "S", "lj": "S", "T": "S"}
_VOWELS = {  # as spelled: sound, its tone without a mark
    "": ("a", 5),
    "ာ": ("a", 2),
    "ိ": ("i", 5),
    "ီ": ("i", 2),
    "ု": ("u", 5),
    "ူ": ("u", 2),
    "ေ": ("e", 2),
    "ဲ": ("E", 4),
    "ော": ("O", 4),
    "ို": ("o", 2),
    "ံ": ("aN", 2),
    "ုံ": ("oN", 2),
    "ိံ": ("eN", 2),
}
_LOW, _HIGH, _CREAKY = 2, 4, 5  # tones of the voice
_NASALS = {"": "aN", "ာ": "aN", "ိ": "eN", "ု": "oN", "ော": "auN", "ို": "aiN", "ေ": "eN"}
_STOPS = {"": "a?", "ာ": "a?", "ိ": "e?", "ု": "o?", "ော": "au?", "ို": "ai?", "ေ": "i?"}
_Y, _NY = "ယ", "ည"
_FINALS = {"င": "iN", "ဉ": "iN", "က": "E?", "စ": "i?", _Y: "E", _NY: "i"}
_STOPPED, _NASAL = "ကခဂဃစဆဇတထဒဓဋဌဍပဖဗဘသ", "ငဉနဏမ"
_DIGITS = "သုည တစ် နှစ် သုံး လေး ငါး ခြောက် ခုနစ် ရှစ် ကိုး".split()
_PLACES = "ဆယ် ရာ ထောင် သောင်း သိန်း သန်း".split()  # 10 to 1,000,000
_POINT = "ဒသမ"
_LONGEST = 12  # digits; what is longer is an account or a telephone
_NUMBER = re.compile(r"\d(?:[\d,]*\d)?(?:\.\d+)?")
_WORDS = re.compile("[\u1000-\u103f\u104c-\u104f]+")
_NUCLEUS = re.compile("[@245]")  # each syllable has one, a tone or the short vowel
_PAUSES = tuple(",.!?:;")
_STOP_MARKS = {"၊": ", ", "။": ". "}
_MOST = 10  # syllables without a pause: the voice crashes at about 16
_TOGETHER = 4
_GROUPS = 3


def phonemes(text: str) -> str:
    """``text`` with all that is Burmese, numbers too, as phonemes in double brackets."""
    text = _NUMBER.sub(lambda found: f" {number(found[0])} ", text)
    for spelling, spelt in _SPELT_OUT.items():
        text = text.replace(spelling, spelt)
    for mark, pause in _STOP_MARKS.items():
        text = text.replace(mark, pause)
    spoken: list[str] = []
    run = 0  # syllables since the last pause
    for word in text.split():
        said = _WORDS.sub(lambda found: _spoken(found[0]), word)
        count = len(_NUCLEUS.findall(said))
        if spoken and spoken[-1].endswith(_PAUSES):
            run = 0
        elif spoken and run + count > _MOST:
            spoken[-1] += ","
            run = 0
        spoken.append(said)
        run += count
    return " ".join(spoken)


def number(digits: str) -> str:
    """A number in Burmese words; ``digits`` of any script, with commas and a point."""
    whole, _, rest = digits.replace(",", "").partition(".")
    words = _whole(int(whole)) if len(whole) <= _LONGEST else _one_by_one(whole)
    words += _POINT + _one_by_one(rest) if rest else ""
    return unicodedata.normalize("NFC", words)


def _one_by_one(digits: str) -> str:
    return "".join(_DIGITS[int(digit)] for digit in digits)


def _whole(value: int) -> str:
    if value < len(_DIGITS):
        return _DIGITS[value]
    million = 1_000_000
    if value >= 10 * million:
        rest = value % million
        return _whole(value // million) + _PLACES[-1] + (_whole(rest) if rest else "")
    power = len(str(value)) - 1
    head, rest = divmod(value, int(10**power))
    place = _PLACES[power - 1]
    if not rest:
        return _DIGITS[head] + place
    creaky = place if place.endswith(_LONG) else place + _SHORT
    return _DIGITS[head] + creaky + _whole(rest)


def _spoken(word: str) -> str:
    """One word, in groups of a few syllables."""
    word = word.replace(_ASAT + _STACKED, _ASAT).replace(_STACKED, _ASAT)
    found = list(_SYLLABLE.finditer(word))
    said = [_syllable(one, last=at == len(found) - 1) for at, one in enumerate(found)]
    steps = range(0, len(said), _TOGETHER)
    groups = [f"[[{''.join(said[at : at + _TOGETHER])}]]" for at in steps]
    return "".join(
        group + (", " if at % _GROUPS == _GROUPS - 1 else " ") for at, group in enumerate(groups)
    ).strip()


def _syllable(found: re.Match[str], *, last: bool) -> str:
    vowel, final, tone = found["vowel"], found["final"][:1], found["tone"] + found["final"][1:]
    medials = found["medials"]
    onset = _onset(_ONSETS[found["onset"]], medials)
    if not (vowel or final or found["asat"] or tone or medials or last):
        return f"{onset}@"  # the short first syllable of most longer words
    rhyme, natural = _rhyme(vowel, final, round_=_WA in medials)
    if _WA in medials and not rhyme.startswith("u"):
        onset += "w"
    if rhyme.endswith("?"):
        return f"{onset}{rhyme[:-1]}{_CREAKY}?"
    if _SHORT in tone:
        natural = _CREAKY
    elif _LONG in tone:
        natural = _HIGH
        rhyme = "E" if final == _NY else rhyme
    elif found["asat"]:
        natural = _LOW
    nasal = rhyme.endswith("N")
    return f"{onset}{rhyme.removesuffix('N')}{natural}{'N' if nasal else ''}"


def _onset(sound: str, medials: str) -> str:
    if _YA in medials or _RA in medials:
        sound = _BEFORE_Y.get(sound, f"{sound}j")
    return _BEFORE_H.get(sound, sound) if _HA in medials else sound


def _rhyme(vowel: str, final: str, *, round_: bool) -> tuple[str, int]:
    """Sound and natural tone."""
    open_ = _VOWELS.get(vowel) or _VOWELS[vowel[:1]]
    if not final or final not in _STOPPED + _NASAL + _Y + _NY:
        return open_
    special = _FINALS.get(final)
    if special and vowel in {"", "ာ"}:
        return special, _LOW
    if final in _NASAL:
        return ("uN" if round_ and not vowel else _NASALS.get(vowel, "aN")), _LOW
    if final in _STOPPED:
        return ("u?" if round_ and not vowel else _STOPS.get(vowel, "a?")), _CREAKY
    return open_
