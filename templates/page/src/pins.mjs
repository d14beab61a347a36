// Whom the reader trusts: words, digits, or pin lines of the form
//
//     name ssh-ed25519 AAAA... word word word word word word word word
//     name words word word word word word word word word

import { equal } from "./bytes.mjs";
import { point } from "./ed25519.mjs";
import { Mistyped } from "./errors.mjs";
import { isSafeName } from "./names.mjs";
import { parsePublicLine } from "./sshsig.mjs";
import { ofRoot, parse as parseWords, readings } from "./words.mjs";

const IS_PIN = /^\S+ +(ssh-ed25519|words) /;

// [{name, value}]; a line that fails is an error, never skipped. Empty text: nobody is trusted.
export async function parse(untrusted) {
  const lines = untrusted
    .split(/\r?\n/)
    .map((line) => line.replace(/\s+/g, " ").trim())
    .filter((line) => line && !line.startsWith("#"));
  if (!lines.some((line) => IS_PIN.test(line)) && !lines.every(isWhole)) {
    return [{ name: "", value: parseWords(lines.join(" ")) }];
  }
  const pins = [];
  for (const line of lines) {
    pins.push(
      IS_PIN.test(line) ? await parseLine(line.split(" ")) : { name: "", value: parseWords(line) },
    );
  }
  return pins;
}

function isWhole(line) {
  try {
    parseWords(line);
    return true;
  } catch {
    return false;
  }
}

async function parseLine(fields) {
  const [name, kind] = fields;
  if (name.length > 60 || /[#/]/.test(name) || !isSafeName(name)) throw new Mistyped("pin-name");
  if (kind === "words") return { name, value: parseWords(fields.slice(2).join(" ")) };
  const root = parsePublicLine(kind, fields[2]);
  if (!root || !point(root)) throw new Mistyped("pin-key");
  const typed = readings(fields.slice(3).join(" "));
  const value = await ofRoot(root);
  if (!typed.some((one) => equal(one, value))) throw new Mistyped("pin-words");
  return { name, value };
}
