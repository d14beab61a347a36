// Names from outside: which are safe, and how to show any of them.
//
// The rules are those of RelativePath in packager/values.py.

import { text } from "./bytes.mjs";

const MAX_NAME_BYTES = 120;
const HIDDEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Cn}\p{Zl}\p{Zp}]/u;
const HIDDEN_EACH = new RegExp(HIDDEN.source, "gu");
const ZWNJ = "\u200c"; // Persian spelling needs it; it reorders and hides nothing
const DEVICE = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|con(in|out)\$) *(\..*)?$/i;
const CLASS = /\.\{[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}$/i;

export const isSafePath = (path) => path.split("/").every(isSafeName);

export function isSafeName(name) {
  return (
    !["", ".", ".."].includes(name) &&
    text(name).length <= MAX_NAME_BYTES &&
    isVisible(name) &&
    !/[<>:"|?*\\]/.test(name) &&
    name === name.normalize("NFC") &&
    !/^[.\-\p{Zs}]|[.\p{Zs}]$/u.test(name) &&
    !DEVICE.test(name) &&
    !CLASS.test(name)
  );
}

export const isVisible = (string) => !HIDDEN.test(string.replaceAll(ZWNJ, ""));

// Everything that could steer the reader's eye is spelt out.
export const printable = (string) =>
  string.replace(HIDDEN_EACH, (c) => (c === ZWNJ ? c : spelt(c)));

// The same inside a sentence: a name of any direction leaves the words around it as they are.
export const isolated = (string) => `\u2068${printable(string)}\u2069`;

function spelt(character) {
  const code = character.codePointAt(0);
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, "0")}`;
  if (code < 0x10000) return `\\u${code.toString(16).padStart(4, "0")}`;
  return `\\U${code.toString(16).padStart(8, "0")}`;
}

// By code point, as Python sorts; the engine's own order is by UTF-16 unit.
export function compare(a, b) {
  const left = Array.from(a);
  const right = Array.from(b);
  for (let at = 0; at < Math.min(left.length, right.length); at += 1) {
    const step = left[at].codePointAt(0) - right[at].codePointAt(0);
    if (step) return step;
  }
  return left.length - right.length;
}

export function suffixOf(path) {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const dot = name.lastIndexOf(".");
  return dot > 0 ? name.slice(dot).toLowerCase() : "";
}
