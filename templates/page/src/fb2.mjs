// FB2: one XML file of known elements, its pictures parsed too. The rules of packager/safety/fb2.py
// and xml.py. The browser's parser makes a document that nothing is loaded for.

import { hides } from "./picture.mjs";

// The page names no address that anything could load, so these are patterns.
const FB = /^ht{2}p:\/{2}www\.gribuser\.ru\/xml\/fictionbook\/2\.0$/;
const XLINK = /^ht{2}p:\/{2}www\.w3\.org\/1999\/xlink$/;
const XML = /^ht{2}p:\/{2}www\.w3\.org\/XML\/1998\/namespace$/;
const XMLNS = /^ht{2}p:\/{2}www\.w3\.org\/2000\/xmlns\/$/;
const ELEMENTS = new Set(
  (
    "FictionBook description title-info src-title-info document-info publish-info custom-info " +
    "genre author translator first-name middle-name last-name nickname home-page email id " +
    "book-title annotation keywords date coverpage image lang src-lang sequence program-used " +
    "src-url src-ocr version history publisher book-name city year isbn body title epigraph " +
    "section p poem stanza v text-author subtitle cite table tr th td empty-line strong emphasis " +
    "style a strikethrough sub sup code binary"
  ).split(" "),
);
const PLAIN =
  "id name value number match type alt title content-type colspan rowspan align valign info-type style";
const ATTRIBUTES = new Set(PLAIN.split(" "));
const STYLE = /^[\p{L}\p{N}_ .-]*$/u;
const LINKS = ["href", "type", "title"];
const HEADS = { "image/jpeg": "/9", "image/jpg": "/9", "image/png": "iVBORw" };
const MAX_ATTRIBUTE = 2000;
const MAX_ELEMENTS = 300_000;
const MAX_DEPTH = 64;
const MAX_BASE64 = 6 * 1024 * 1024;
const OUTWARD = /^(ht{2}ps?:\/{2}|mailto:)\S+$/i;

// `text` is without its byte order mark, and holds no character that steers.
export async function isPlainBook(text, steers) {
  const declared = /^<\?xml\s+version=(["'])1\.0\1(\s+encoding=(["'])utf-8\3)?(\s+standalone=(["'])(yes|no)\5)?\s*\?>/i.exec(text);
  const body = declared ? text.slice(declared[0].length) : text;
  if (/<\?|<!(?!\[CDATA\[)/.test(body)) return false;
  const book = new DOMParser().parseFromString(text, "application/xml");
  const all = [...book.getElementsByTagName("*")];
  if (all.length > MAX_ELEMENTS || steers(book.documentElement.textContent)) return false;
  if (all.some((one) => !isKnown(one, steers))) return false;
  return isWhole(book, all);
}

function isKnown(one, steers) {
  const root = one.parentNode.nodeType === Node.DOCUMENT_NODE;
  if (!FB.test(one.namespaceURI) || !ELEMENTS.has(one.localName)) return false;
  if (root !== (one.localName === "FictionBook") || depth(one) > MAX_DEPTH) return false;
  return [...one.attributes].every(
    (each) =>
      XMLNS.test(each.namespaceURI) ||
      (isKnownAttribute(each) &&
        Array.from(each.value).length <= MAX_ATTRIBUTE &&
        !steers(each.value)),
  );
}

function isKnownAttribute({ namespaceURI, localName, value }) {
  if (!namespaceURI && localName === "style") return STYLE.test(value);
  if (!namespaceURI) return ATTRIBUTES.has(localName);
  if (XLINK.test(namespaceURI)) return LINKS.includes(localName);
  return XML.test(namespaceURI) && localName === "lang";
}

const linkOf = (one) => [...one.attributes].find(isLink)?.value;

const isLink = (each) => each.localName === "href" && XLINK.test(each.namespaceURI);

function depth(one) {
  let count = 0;
  for (let node = one; node.nodeType === Node.ELEMENT_NODE; node = node.parentNode) count += 1;
  return count;
}

async function isWhole(book, all) {
  const named = (name) => all.filter((one) => one.localName === name);
  const pictures = named("binary");
  const ids = pictures.map((one) => one.getAttribute("id"));
  const shown = named("image").map((one) => linkOf(one) || "");
  const linked = all.filter((one) => one.localName !== "image" && linkOf(one) !== undefined);
  const names = new Set(all.map((one) => one.getAttribute("id")).filter(Boolean));
  const right =
    ids.every(Boolean) &&
    new Set(ids).size === ids.length &&
    shown.every((address) => address.startsWith("#") && ids.includes(address.slice(1))) &&
    ids.every((id) => shown.includes(`#${id}`)) &&
    linked.every((one) => {
      const address = linkOf(one);
      return address.startsWith("#") ? names.has(address.slice(1)) : OUTWARD.test(address);
    });
  if (!right) return false;
  for (const one of pictures) if (!(await isPicture(one))) return false;
  return true;
}

async function isPicture(one) {
  const text = one.textContent.replace(/\s+/g, "");
  const head = HEADS[one.getAttribute("content-type")];
  if (!head || one.children.length || text.length > MAX_BASE64 || !text.startsWith(head)) return false;
  let data;
  try {
    data = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  } catch {
    return false;
  }
  return text.length % 4 === 0 && !(await hides(data));
}
