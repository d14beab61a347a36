// Where a seal may sit: found by walking the container from its first byte (docs/seal.md part 3).
//
// A slot is {start, length, suffix}: the element's body, and how many bytes the container puts
// behind it. A layout is {slots, end}: `end` is where the structure says that the file ends.

import * as epub from "./epub.mjs";
import * as mkv from "./mkv.mjs";
import * as mp3 from "./mp3.mjs";
import * as mp4 from "./mp4.mjs";

const KINDS = [mkv, mp4, mp3, epub];
export const HEAD = 58; // bytes that tell the kind

export const kindOf = (head) => KINDS.find((one) => one.matches(head)) || null;

// Bytes that a payload of `size` bytes takes in the file.
export const roomOf = (kind, size) => (kind.armoured ? Math.ceil(size / 3) * 4 : size);

// What the armour of an mp3 or epub holds; null where the text is not what base64 would spell.
export function unarmour(data) {
  const text = Array.from(data, (byte) => String.fromCharCode(byte)).join("");
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
  try {
    const binary = atob(text);
    return btoa(binary) === text ? Uint8Array.from(binary, (c) => c.charCodeAt(0)) : null;
  } catch {
    return null;
  }
}
