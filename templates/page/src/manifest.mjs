// The manifest: what a seal says of the file it sits in and of the files beside it (part 6).

import { bytesOf, fieldsOf, publicKey } from "./chain.mjs";
import { isObject, own, parse as parseJson } from "./canonical.mjs";
import { Forged, NewerFormat } from "./errors.mjs";
import { compare, isSafePath } from "./names.mjs";

const VERSION = 1;
const MAX_BYTES = 128 * 1024;
const MAX_SIBLINGS = 500;
const LANGUAGES = ["en", "ru", "uk", "be", "fa", "ar", "zh", "my", "es"];
const FIELDS =
  "allowed audience chain container cover_licence date decision disguise expires feed languages " +
  "path piece prefix replaces report serial siblings signer suffix v variant";

// Forged for any defect, NewerFormat for a version above ours.
export function parse(data) {
  const value = parseJson(data, MAX_BYTES);
  if (!isObject(value)) throw malformed("the whole");
  if (integer(own(value, "v")) > VERSION) throw new NewerFormat("the seal has a newer format");
  fieldsOf(value, FIELDS);
  const prefix = fieldsOf(value.prefix, "length root");
  for (const key of ["audience", "container", "cover_licence", "disguise", "feed"])
    string(value[key]);
  [value.date, value.expires].forEach(date);
  [value.allowed, value.replaces, value.languages].forEach(strings);
  if (!value.languages.every((one) => LANGUAGES.includes(one))) throw malformed("languages");
  if (string(value.decision)) bytesOf(value.decision, 32);
  bytesOf(value.variant, 32);
  return {
    path: path(value.path),
    container: value.container,
    prefixLength: integer(prefix.length),
    prefixRoot: bytesOf(prefix.root, 32),
    piece: piece(value.piece),
    suffix: bytesOf(value.suffix, 32),
    chain: bytesOf(value.chain, 32),
    report: bytesOf(value.report, 32),
    signer: publicKey(value.signer),
    siblings: siblings(value.siblings),
    disguise: value.disguise,
    date: value.date,
    expires: value.expires,
    serial: integer(value.serial),
  };
}

function siblings(items) {
  if (!Array.isArray(items) || items.length > MAX_SIBLINGS) throw malformed("siblings");
  const found = items.map((item) => {
    fieldsOf(item, "length path root sealed");
    if (typeof item.sealed !== "boolean") throw malformed("siblings");
    return { path: path(item.path), length: integer(item.length), root: bytesOf(item.root, 32) };
  });
  const sorted = found.every((one, at) => at === 0 || compare(found[at - 1].path, one.path) < 0);
  if (!sorted) throw malformed("siblings");
  return found;
}

function integer(value) {
  if (!Number.isInteger(value) || value < 0 || value > 2 ** 53) throw malformed("a number");
  return value;
}

function piece(value) {
  integer(value);
  if (value < 16 * 1024 || value > 16 * 1024 * 1024 || value & (value - 1))
    throw malformed("piece");
  return value;
}

function path(value) {
  if (!isSafePath(string(value))) throw malformed("path");
  return value;
}

function string(value) {
  if (typeof value !== "string") throw malformed("a text");
  return value;
}

function strings(value) {
  if (!Array.isArray(value)) throw malformed("a list");
  value.forEach(string);
}

function date(value) {
  if (!/^(\d{4}-\d{2}-\d{2})?$/.test(string(value))) throw malformed("a date");
}

const malformed = (what) => new Forged(`the manifest is not in the form it must have (${what})`);
