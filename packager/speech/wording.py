"""How a text is put to a voice: numbers whole, addresses short, abbreviations in full.

A voice reads `12 500` as two numbers, `т. е.` as two letters and an address as a minute of
noise. Words are changed only where the voice would not say what a reader would.
"""

import re
import unicodedata

from packager.speech import burmese
from packager.values import Language

_GAPS = " \u00a0\u2007\u2009\u202f"  # between the thousands of a number
_GROUPED = re.compile(rf"(?<![\w.,])(\d{{1,3}})((?:[{_GAPS}]\d{{3}})+)(?![\d{_GAPS}]*\d)")
_ARABIC_GROUPS = re.compile(r"(?<=\d)\u066c(?=\d{3})")
_ADDRESS = re.compile(r"\b[a-z][a-z0-9+.-]{1,15}://(?:[^\s/@]*@)?(?:www\.)?([^\s/?#:<>]+)[^\s<>]*")
_HOST = re.compile(r"\b(?:www\.)?((?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,12})(/[\w./?=&%~+#-]*)?(?!\w)")
_MARKS = re.compile(r"[*_#|~^\\<>\[\]{}`=]+")
_SLASH = re.compile(r"(?<=[^\W\d])\s?/\s?(?=[^\W\d])")
_PERCENT = re.compile(r"(\d(?:[\d.,٫\u066b]*\d)?)\s?[%٪\uff05]")
_DOLLARS = re.compile(r"\$\s?(\d(?:[\d,.]*\d)?)(?:\s?(m|bn|k)\b|( (?:million|billion|thousand)))?")
_SCALES = {"m": " million", "bn": " billion", "k": " thousand"}
_LONG = re.compile(r"(\S{40})(?=\S)")  # a buffer of the voice may overflow at words without an end
_SPACES = re.compile(r"\s+")
_KEPT_SYMBOLS = frozenset("№°")
_ZWNJ = "\u200c"

_DOT = {
    Language.EN: "dot",
    Language.RU: "точка",
    Language.UK: "крапка",
    Language.BE: "кропка",
    Language.FA: "نقطه",
    Language.AR: "نقطة",
    Language.ZH: "点",
    Language.MY: "ဒေါ့",
    Language.ES: "punto",
}
_PER_CENT = {
    Language.EN: r"\1 percent",
    Language.RU: r"\1 процентов",
    Language.UK: r"\1 відсотків",
    Language.BE: r"\1 працэнтаў",
    Language.FA: r"\1 درصد",
    Language.AR: r"\1 بالمئة",
    Language.ZH: r"百分之\1",
    Language.MY: r"\1 ရာခိုင်နှုန်း",
    Language.ES: r"\1 por ciento",
}
_DATE = re.compile(r"(?<![\d-])(\d{4})-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])(?![\d-])")
_DATES = {  # day, month and year as they are said
    Language.EN: "{day} {month} {year}",
    Language.RU: "{day} {month} {year} года",
    Language.UK: "{day} {month} {year} року",
    Language.BE: "{day} {month} {year} года",
    Language.FA: "{day} {month} {year}",
    Language.AR: "{day} {month} {year}",
    Language.ZH: "{year}年{number}月{day}日",
    Language.MY: "{year} ခုနှစ် {month} {day} ရက်",
    Language.ES: "{day} de {month} de {year}",
}
_MONTHS = {
    language: tuple(names.split())
    for language, names in {
        Language.EN: "January February March April May June July August September October"
        " November December",
        Language.RU: "января февраля марта апреля мая июня июля августа сентября октября ноября"
        " декабря",
        Language.UK: "січня лютого березня квітня травня червня липня серпня вересня жовтня"
        " листопада грудня",
        Language.BE: "студзеня лютага сакавіка красавіка мая чэрвеня ліпеня жніўня верасня"
        " кастрычніка лістапада снежня",
        Language.FA: "ژانویه فوریه مارس آوریل مه ژوئن ژوئیه اوت سپتامبر اکتبر نوامبر دسامبر",
        Language.AR: "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
        Language.ZH: "1 2 3 4 5 6 7 8 9 10 11 12",
        Language.MY: "ဇန်နဝါရီ ဖေဖော်ဝါရီ မတ် ဧပြီ မေ ဇွန် ဇူလိုင် ဩဂုတ် စက်တင်ဘာ အောက်တိုဘာ နိုဝင်ဘာ ဒီဇင်ဘာ",
        Language.ES: "enero febrero marzo abril mayo junio julio agosto septiembre octubre"
        " noviembre diciembre",
    }.items()
}
_SPACED = frozenset({Language.EN, Language.RU, Language.UK, Language.BE, Language.ES})
_ABBREVIATIONS: dict[Language, tuple[tuple[str, str], ...]] = {  # patterns, in this order
    Language.EN: (
        (r"\bDr\. ", "Doctor "),
        (r"\bMr\. ", "Mister "),
        (r"\bMrs\. ", "Missis "),
        (r"\bMs\. ", "Miz "),
        (r"\bNo\. ?(?=\d)", "number "),
        (r"\bi\. ?e\.,?", "that is,"),
        (r"\bvs\.? ", "versus "),
        (r"(?<=\d) ?km\b", " kilometres"),
        (r"(?<=\d) ?kg\b", " kilograms"),
    ),
    Language.RU: (
        (r"\bт\. ?е\.", "то есть"),
        (r"\bт\. ?д\.", "так далее"),
        (r"\bт\. ?п\.", "тому подобное"),
        (r"\bт\. ?н\.", "так называемый"),
        (r"(?<=и )др\.", "другие"),
        (r"(?<=\d) ?гг\.", " годов"),
        (r"(?<=\d\d\d\d) ?г\.", " года"),
        (r"(?<=\d) ?тыс\.?", " тысяч"),
        (r"(?<=\d) ?млн\b\.?", " миллионов"),
        (r"(?<=\d) ?млрд\b\.?", " миллиардов"),
        (r"\bруб\.", "рублей"),
        (r"(?<=\d) ?км\b", " километров"),
        (r"(?<=\d) ?кг\b", " килограммов"),
        (r"\bул\. ", "улица "),
        (r"\bим\. ", "имени "),
    ),
    Language.UK: (
        (r"\bт\. ?зв\.", "так званий"),
        (r"\bт\. ?д\.", "так далі"),
        (r"\bт\. ?п\.", "таке подібне"),
        (r"(?<=та )ін\.", "інші"),
        (r"(?<=\d) ?рр\.", " років"),
        (r"(?<=\d\d\d\d) ?р\.", " року"),
        (r"(?<=\d) ?тис\.?", " тисяч"),
        (r"(?<=\d) ?млн\b\.?", " мільйонів"),
        (r"(?<=\d) ?млрд\b\.?", " мільярдів"),
        (r"\bгрн\b\.?", "гривень"),
        (r"(?<=\d) ?км\b", " кілометрів"),
        (r"(?<=\d) ?кг\b", " кілограмів"),
        (r"\bвул\. ", "вулиця "),
        (r"\bім\. ", "імені "),
    ),
    Language.BE: (
        (r"\bг\. ?зн\.", "гэта значыць"),
        (r"\bг\. ?д\.", "гэтак далей"),
        (r"\bт\. ?зв\.", "так званы"),
        (r"(?<=\d) ?гг\.", " гадоў"),
        (r"(?<=\d\d\d\d) ?г\.", " года"),
        (r"(?<=\d) ?тыс\.?", " тысяч"),
        (r"(?<=\d) ?млн\b\.?", " мільёнаў"),
        (r"(?<=\d) ?млрд\b\.?", " мільярдаў"),
        (r"\bруб\.", "рублёў"),
        (r"(?<=\d) ?км\b", " кіламетраў"),
        (r"(?<=\d) ?кг\b", " кілаграмаў"),
        (r"\bвул\. ", "вуліца "),
        (r"№ ?", "нумар "),
    ),
    Language.ES: (
        (r"\bEE\. ?UU\.", "Estados Unidos"),
        (r"\bSr\. ", "señor "),
        (r"\bSra\. ", "señora "),
        (r"\bDr\. ", "doctor "),
        (r"\bDra\. ", "doctora "),
        (r"\bp\. ?ej\.", "por ejemplo"),
        (r"\bn\.º ?|\bnúm\. ?", "número "),
        (r"(?<=\d) ?km\b", " kilómetros"),
        (r"(?<=\d) ?kg\b", " kilogramos"),
    ),
}


def spoken(untrusted_text: str, language: Language) -> str:
    """``untrusted_text`` as one line that a voice of ``language`` reads as a person would."""
    text = _clean(unicodedata.normalize("NFC", untrusted_text))
    dot = f" {_DOT[language]} "
    text = _ADDRESS.sub(r"\1", text)
    text = _HOST.sub(lambda found: found[1].rstrip(".").replace(".", dot), text)
    text = _DATE.sub(lambda found: _said_date(found, language), text)
    if language in _SPACED:
        text = _GROUPED.sub(lambda found: found[1] + re.sub(r"\D", "", found[2]), text)
    text = _ARABIC_GROUPS.sub("", text)
    if language is Language.EN:
        text = _DOLLARS.sub(_dollars, text)
    for pattern, words in _ABBREVIATIONS.get(language, ()):
        text = re.sub(pattern, words, text)
    text = _PERCENT.sub(_PER_CENT[language], text)
    text = _SLASH.sub(", ", _MARKS.sub(" ", text))
    text = _LONG.sub(r"\1 ", text)
    if language is Language.MY:
        text = burmese.phonemes(text)
    return _SPACES.sub(" ", text).strip()


def speakable(text: str) -> bool:
    """Whether there is a letter or a digit in it."""
    return any(unicodedata.category(c)[0] in "LN" for c in text)


def _clean(text: str) -> str:
    """Without what no voice should read: controls (commands, to this one), emoji, lone halves."""
    return "".join(map(_audible, text))


def _audible(character: str) -> str:
    category = unicodedata.category(character)
    if character == _ZWNJ or character in _KEPT_SYMBOLS:
        return character
    if category in {"Cf", "Mn"} and unicodedata.name(character, "").startswith("VARIATION"):
        return ""
    if category == "Cf":
        return ""
    return " " if category[0] == "C" or category in {"So", "Sk", "Zl", "Zp"} else character


def _dollars(found: re.Match[str]) -> str:
    scale = _SCALES.get(found[2] or "", found[3] or "")
    return f"{found[1]}{scale} dollars"


def _said_date(found: re.Match[str], language: Language) -> str:
    year, month, day = (int(part) for part in found.groups())
    name = _MONTHS[language][month - 1]
    return _DATES[language].format(year=year, month=name, number=month, day=day)
