// Subtitles and playlists: only what our own writer writes again. The rules of
// packager/subtitles.py and of subtitle.py and playlist.py in packager/safety/.

import { isSafePath, isVisible, suffixOf } from "./names.mjs";

const MAX_CUES = 20_000;
const MAX_LINES = 6;
const MAX_LINE = 200;
const MAX_ENTRY = 300;
const SRT_TIME = /^(\d\d):([0-5]\d):([0-5]\d),(\d{3}) --> (\d\d):([0-5]\d):([0-5]\d),(\d{3})$/;
const VTT_TIME =
  /^(?:(\d\d):)?([0-5]\d):([0-5]\d)\.(\d{3}) --> (?:(\d\d):)?([0-5]\d):([0-5]\d)\.(\d{3})$/;
const VTT = "WEBVTT\n\n";
const NOTE = /^(#EXTM3U|#EXTINF:-?[0-9]{1,6}(\.[0-9]{1,6})?,.*|#(PLAYLIST|EXTALB|EXTART|EXTENC):.*)$/;
const PLAYED = [".mp3", ".m4a", ".m4b", ".mp4", ".mkv"];

// `text` is without its byte order mark.
export const isSrt = (text) => isSame(text, srtCues, [srt]);

export const isVtt = (text) => isSame(text, vttCues, [vtt, shortVtt]);

function isSame(text, parse, writers) {
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const cues = parse(text.replaceAll("\r\n", "\n"));
  if (!cues || !cues.length || cues.length > MAX_CUES) return false;
  return writers.some((write) => {
    const written = write(cues).replaceAll("\n", newline);
    return text === written || text === written + newline;
  });
}

function srtCues(text) {
  const cues = [];
  for (const block of text.split(/\n[ \t]*\n/)) {
    if (!block.trim()) continue;
    const rows = block.replace(/^\n+|\n+$/g, "").split("\n");
    if (/^[0-9]+$/.test(rows[0])) rows.shift();
    const lines = rows.slice(1).map((row) => row.trim()).filter(Boolean);
    const cue = cueOf(SRT_TIME.exec(rows[0] || ""), lines, cues);
    if (!cue) return null;
    cues.push({ ...cue, lines: lines.length ? lines : [""] });
  }
  return cues;
}

function vttCues(text) {
  if (!text.startsWith(VTT)) return null;
  const cues = [];
  for (const block of text.slice(VTT.length).replace(/\n+$/, "").split("\n\n")) {
    const [time, ...lines] = block.split("\n");
    const cue = cueOf(VTT_TIME.exec(time), lines, cues);
    if (!cue) return null;
    cues.push(cue);
  }
  return cues;
}

function cueOf(match, lines, before) {
  if (!match || lines.length > MAX_LINES || !lines.every(isPlain)) return null;
  const fields = match.slice(1).map((part) => Number(part || 0));
  const [start, end] = [milliseconds(fields.slice(0, 4)), milliseconds(fields.slice(4))];
  const late = !before.length || before[before.length - 1].start <= start;
  return end > start && late ? { start, end, lines } : null;
}

const isPlain = (row) =>
  Array.from(row).length <= MAX_LINE &&
  !/[<{]/.test(row.replace(/<\/?[ib]>/g, "")) &&
  isVisible(row);

const milliseconds = ([hours, minutes, seconds, rest]) =>
  ((hours * 60 + minutes) * 60 + seconds) * 1000 + rest;

function clock(time) {
  const two = (value) => String(Math.floor(value)).padStart(2, "0");
  const [hours, minutes, seconds] = [time / 3_600_000, (time / 60_000) % 60, (time / 1000) % 60];
  return `${two(hours)}:${two(minutes)}:${two(seconds)},${String(time % 1000).padStart(3, "0")}`;
}

const srt = (cues) =>
  cues
    .map(({ start, end, lines }, n) =>
      `${n + 1}\n${clock(start)} --> ${clock(end)}\n${lines.join("\n")}\n`)
    .join("\n");

const vtt = (cues) => vttWith(cues, (time) => clock(time).replace(",", "."));

const shortVtt = (cues) => vttWith(cues, (time) => clock(time).replace(",", ".").replace(/^00:/, ""));

const vttWith = (cues, time) =>
  VTT +
  cues
    .map(({ start, end, lines }) => [`${time(start)} --> ${time(end)}`, ...lines, ""].join("\n"))
    .join("\n");

// `exists` knows the paths of the folder.
export function isPlaylist(text, path, exists) {
  const folder = path.slice(0, path.lastIndexOf("/") + 1);
  const lines = text.replaceAll("\r\n", "\n").replace(/\n$/, "").split("\n");
  const fits = (line) => !line.includes("\r") && Array.from(line).length <= MAX_ENTRY;
  const entries = lines.filter((line) => !line.startsWith("#"));
  return (
    lines.every(fits) &&
    lines.every((line) => !line.startsWith("#") || NOTE.test(line)) &&
    entries.length > 0 &&
    entries.every((e) => isSafePath(e) && PLAYED.includes(suffixOf(e)) && exists(folder + e))
  );
}
