// SSHSIG: what the publisher's keys sign (OpenSSH, PROTOCOL.sshsig).

import { sha512 } from "@noble/hashes/sha2.js";
import { bigBytes, concat, text } from "./bytes.mjs";
import { verifies as verifiesRaw } from "./ed25519.mjs";

export const SEAL = "seal@magnitizdat";
export const STATEMENT = "statement@magnitizdat";

const string = (data) => concat(bigBytes(data.length, 4), data);

export function verifies(key, namespace, message, signature) {
  const signed = concat(
    text("SSHSIG"),
    string(text(namespace)),
    string(text("")),
    string(text("sha512")),
    string(sha512(message)),
  );
  return verifiesRaw(key, signed, signature);
}

// The key of the two middle fields of a pin line, or null.
export function parsePublicLine(type, base64) {
  const head = concat(string(text("ssh-ed25519")), bigBytes(32, 4));
  if (type !== "ssh-ed25519" || !/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) return null;
  let blob;
  try {
    blob = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  } catch {
    return null;
  }
  const fits = blob.length === head.length + 32 && head.every((byte, at) => byte === blob[at]);
  return fits ? blob.subarray(head.length) : null;
}
