// Eight words (or 28 digits) that stand for a publisher: 88 bits of a slow hash of its first
// paper key (docs/seal.md part 2). All lists spell the same value.

import { scryptAsync } from "@noble/hashes/scrypt.js";
import LISTS from "lists";
import { bigBytes, hex, text } from "./bytes.mjs";
import { Mistyped } from "./errors.mjs";

export const COUNT = 8;
const SIZE = 11;
const BITS = 11;
const DIGITS = 27;
const SCRYPT = { N: 2 ** 15, r: 8, p: 1, dkLen: SIZE, asyncTick: 40 };
const OWN_LIST = {
  ru: "russian",
  uk: "russian",
  be: "russian",
  es: "spanish",
  zh: "chinese_simplified",
};
const DAMM = (
  "0317598642 7092154863 4206871359 1750983426 6123045978 " +
  "3674209581 5869720134 8945362017 9438617205 2581436790"
).split(" ");
const DIGIT_ZEROS = [0x0660, 0x06f0, 0x1040]; // Arabic, Persian, Burmese

const SIGNS = /[,;|/·]/g; // between words; so are numbers like "3." before them
const words = Object.fromEntries(
  Object.entries(LISTS).map(([name, list]) => [name, unpacked(list)]),
);
const lists = Object.values(words).map((list) => new Map(list.map((word, at) => [fold(word), at])));
const known = new Map();

// One spelling for capitals, accents and the Turkish dotless i; no list loses a word by it.
function fold(string) {
  const plain = string.toLowerCase().normalize("NFKD").replaceAll("\u0131", "i");
  return plain.replace(/\p{Mn}/gu, "");
}

// Of a digit and letters: so many from the word before, then these.
function unpacked(list) {
  let word = "";
  return list
    .match(/\d\D*/g)
    .map((part) => (word = word.slice(0, Number(part[0])) + part.slice(1)));
}

// The value for a publisher's first paper key. Slow on purpose: tenths of a second, 32 MiB.
export async function ofRoot(root, onProgress) {
  const name = hex(root);
  if (!known.has(name)) {
    known.set(
      name,
      await scryptAsync(root, text("magnitizdat words v1"), { ...SCRYPT, onProgress }),
    );
  }
  return known.get(name);
}

export function spell(value, language) {
  const number = BigInt(`0x${hex(value)}`);
  const list = words[OWN_LIST[language] || "english"];
  const picks = Array.from(
    { length: COUNT },
    (_, at) => (number >> BigInt(BITS * (COUNT - 1 - at))) & 0x7ffn,
  );
  return picks.map((pick) => list[Number(pick)]).join(" ");
}

// The value that somebody typed; Mistyped says what is wrong with it.
export function parse(untrusted) {
  const found = readings(untrusted);
  if (found.length > 1) throw new Mistyped("word-twice");
  return found[0];
}

// Every value that the text may mean: two lists can share all eight words.
export function readings(untrusted) {
  const given = fold(untrusted.replace(/\p{Decimal_Number}/gu, plainDigit)).trim();
  if (/^[\d\s-]+$/.test(given)) return [parseDigits(given.replace(/\D/g, ""))];
  const typed = split(given);
  if (typed.length !== COUNT) throw new Mistyped("word-count", { given: typed.length });
  const fitting = lists.filter((list) => typed.every((word) => list.has(word)));
  if (!fitting.length) throw misfit(typed);
  const numbers = fitting.map((list) =>
    typed.reduce((sum, word) => (sum << 11n) | BigInt(list.get(word)), 0n),
  );
  return [...new Set(numbers)].map(toBytes);
}

function split(given) {
  const parts = given
    .replace(SIGNS, " ")
    .split(/\s+/)
    .filter((word) => word && !/^\d+[.)]*$/.test(word));
  const letters = Array.from(given);
  if (parts.length === 1 && letters.length === COUNT && /[^\0-\x7f]/.test(given)) return letters;
  return parts.map((word) => word.replace(/^[."'«»“”„]+|[."'«»“”„]+$/g, ""));
}

// Why no single list holds all words: a slip, or words of two lists.
function misfit(typed) {
  const hits = lists.map((list) => typed.filter((word) => list.has(word)).length);
  const best = hits.indexOf(Math.max(...hits));
  const unknown = typed.findIndex((word) => !lists.some((list) => list.has(word)));
  if (unknown === -1) {
    const at = typed.findIndex((word) => !lists[best].has(word));
    return new Mistyped("word-mixed", { place: at + 1, word: typed[at] });
  }
  const written = Object.values(words)[best];
  const word = typed[unknown];
  const near = nearest(word, [...lists[best].keys()]).map((one) => written[lists[best].get(one)]);
  const facts = { place: unknown + 1, word, near: near.map((one) => one.normalize("NFC")) };
  return new Mistyped(near.length ? "word-near" : "word-unknown", facts);
}

function parseDigits(digits) {
  if (digits.length !== DIGITS + 1) throw new Mistyped("digit-count", { given: digits.length });
  const number = BigInt(digits.slice(0, -1));
  const check = Array.from(digits).reduce((state, digit) => Number(DAMM[state][digit]), 0);
  if (check !== 0 || number >> BigInt(8 * SIZE)) throw new Mistyped("digit-wrong");
  return toBytes(number);
}

const toBytes = (number) =>
  Uint8Array.from(bigBytes(0, SIZE), (_, at) =>
    Number((number >> BigInt(8 * (SIZE - 1 - at))) & 255n),
  );

function plainDigit(character) {
  const code = character.codePointAt(0);
  const zero = DIGIT_ZEROS.find((start) => code >= start && code < start + 10);
  return zero ? String(code - zero) : character;
}

// Up to three words that are at most two slips away.
function nearest(word, list) {
  const near = list.map((other) => [slips(word, other), other]).filter(([count]) => count <= 2);
  return near
    .sort((a, b) => a[0] - b[0])
    .slice(0, 3)
    .map(([, other]) => other);
}

function slips(a, b) {
  if (Math.abs(a.length - b.length) > 2) return 3;
  let row = Array.from({ length: b.length + 1 }, (_, at) => at);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      next[j] = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
    }
    row = next;
  }
  return row[b.length];
}
