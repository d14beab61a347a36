// The page's own words, in the reader's language.

import TEXTS from "texts";

const RIGHT_TO_LEFT = ["fa", "ar"];
const DIGITS = { fa: "arabext", ar: "latn", my: "mymr" }; // those that the texts themselves use

export const LANGUAGES = Object.keys(TEXTS);
export const nameOf = (language) => TEXTS[language].name;

// The first of the browser's languages that the page speaks.
export function preferred(wanted) {
  const primary = wanted.map((tag) => tag.toLowerCase().split("-")[0]);
  return primary.find((language) => LANGUAGES.includes(language)) || "en";
}

// `say(key, facts)`: a text with its gaps filled; `key` may be two names joined by a dot.
export function speaker(language) {
  const locale = DIGITS[language] ? `${language}-u-nu-${DIGITS[language]}` : language;
  const numbers = new Intl.NumberFormat(locale);
  const spoken = (fact) => (typeof fact === "number" ? numbers.format(fact) : String(fact));
  const say = (key, facts = {}) =>
    key
      .split(".")
      .reduce((texts, name) => texts[name], TEXTS[language])
      .replace(/\{(\w+)\}/g, (_, name) => spoken(facts[name]));
  const percent = new Intl.NumberFormat(locale, { style: "percent" });
  return {
    language,
    say,
    direction: RIGHT_TO_LEFT.includes(language) ? "rtl" : "ltr",
    percent: (part) => percent.format(part),
    size: (bytes) => sizeIn(locale, bytes),
  };
}

function sizeIn(locale, bytes) {
  const [unit, scale] = bytes < 1e6 ? ["kilobyte", 1e3] : ["megabyte", 1e6];
  const format = { style: "unit", unit, maximumFractionDigits: 1 };
  return new Intl.NumberFormat(locale, format).format(bytes / scale);
}
