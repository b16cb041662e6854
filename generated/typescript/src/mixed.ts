/*
 * From a text with lines of a log, whole or broken, alone or among others, to what it says.
 *
 * A line with the tag of Postfix at its head is read by itself. All between is read as one
 * text: a line of a log in the middle does not tear a notification apart.
 */

import {
  before,
  behind,
  BLANKS,
  countOf,
  isLetter,
  lowered,
  trim,
  trimEnd,
  trimStart,
} from "./cutting.ts";
import { isLong } from "./near.ts";
import type { Reading } from "./reading.ts";
import { markedIn } from "./sessions.ts";
import { isReply } from "./wrapped.ts";

/** What reads a line of a log. */
type Logged = (line: string) => Reading | undefined;
/** What reads a text without any. */
type Plain = (text: string) => Reading[];
/** Lines with the head of a log, by their number. */
type Heads = ReadonlyMap<number, Reading>;

/** The lines of a text, and what is said in those that have the head of a log. */
export interface Lines {
  readonly lines: readonly string[];
  readonly heads: Heads;
}

/** Lines that one is broken into; of more it is not known where it ends. */
export const MOST_PIECES = 20;
/** Characters of a line that mail programs make (RFC 5322 section 2.1.1). */
const WIDEST_MAIL = 78;
/** Lines of the head of a message. */
const MOST_FIELDS = 200;
/** Fields that have neither blanks nor commas. */
const SINGLE = [
  "relay",
  "remote",
  "delay",
  "delays",
  "dsn",
  "status",
  "conn_use",
  "proto",
];
const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec";
/** What stands behind a month. */
const STAMPS = [" 00 00:00:00 ", "  0 00:00:00 "];
const ISO = "0000-00-00T00:00:00";
const RETURNED = [
  "message/rfc822",
  "message/global",
  "text/rfc822-headers",
  "message/global-headers",
];
/** What Exim and qmail write before what they return. */
const COPIES = [
  "------ This is a copy of ",
  "--- Below this line is a copy of ",
];
const PAIRS = ["<>", "[]"];

/**
 * The lines of a text, a log's put together where they were broken.
 *
 * What was returned is left out: its author chose it.
 */
export function mended(text: string, logged: Logged): Lines {
  const lines = outside(text.split("\n"));
  const heads = headsIn(lines, logged);
  const made: string[] = [];
  const found = new Map<number, Reading>();
  let at = 0;
  while (at < lines.length) {
    const head = heads.get(at);
    if (head === undefined) {
      made.push(lines[at++] ?? "");
      continue;
    }
    const { line, reading, end } = whole(lines, at, head, heads, logged);
    found.set(made.length, reading);
    made.push(line);
    at = end;
  }
  return { lines: made, heads: found };
}

/** What lines say of which some have the head of a log; empty where none has. */
export function readMixed(
  { lines, heads }: Lines,
  logged: Logged,
  plain: Plain,
): Reading[] {
  if (heads.size === 0) return [];
  const parts = partsOf(lines, heads, logged);
  const stretches = parts.filter((part) => Array.isArray(part));
  const said = between(stretches, plain).values();
  return parts.flatMap((part) =>
    Array.isArray(part) ? (said.next().value ?? []) : [part],
  );
}

/** Whether all lines have the head of a log. */
export function isLog({ lines, heads }: Lines): boolean {
  return lines.every((line, at) => heads.has(at) || trim(line, BLANKS) === "");
}

/** Whether a reading names a reply or reason of which nothing was cut off. */
export function isWhole(reading: Reading): boolean {
  return !isCut(reading) && isNamed(reading);
}

function isCut(reading: Reading): boolean {
  return reading.unsure.includes("words");
}

function isNamed({ match, reasonMatch }: Reading): boolean {
  return match !== null || reasonMatch !== null;
}

/** The lines that have the head of a log. */
function headsIn(lines: readonly string[], logged: Logged): Heads {
  const tagged = new Map<number, Reading>();
  lines.forEach((given, at) => {
    if (!given.includes("/")) return;
    const line = trimEnd(given, "\r");
    const reading = logged(line);
    if (reading !== undefined && isHead(line, reading.fields["tag"] ?? "")) {
      tagged.set(at, reading);
    }
  });
  const heads = new Map<number, Reading>();
  for (const [at, reading] of tagged) {
    // Folded text, of a bounce or a notice, can be another's words.
    const begins =
      heads.has(at - 1) || trim(lines[at - 1] ?? "", BLANKS) === "";
    if (begins || !isFolded(lines[at] ?? "")) heads.set(at, reading);
  }
  return heads;
}

/** Whether a line has a tag as its head, and does not only mention it. */
function isHead(line: string, tag: string): boolean {
  if (tag === "") return false;
  const sure =
    tag.startsWith("postfix") ||
    line.includes(`${tag}[`) ||
    line.startsWith("{");
  return sure && !isReply(markedIn(line).line);
}

/** The lines that are not of a returned message. */
function outside(lines: readonly string[]): string[] {
  const found: string[] = [];
  let boundary: string | undefined;
  let end: string | undefined;
  let returned = false;
  let reported = false;
  lines.forEach((given, at) => {
    let line = saidIn(given);
    if (returned) {
      returned = line !== end;
      return;
    }
    // Its value may be folded.
    if (line.endsWith(":")) line += saidIn(lines[at + 1] ?? "");
    reported ||= isOfReport(line);
    returned = isCopy(line) && (reported || !isReport(lines, at));
    if (returned) end = boundary === undefined ? undefined : `${boundary}--`;
    else if (line.startsWith("--")) boundary = line;
    found.push(given);
  });
  return found;
}

/** A line without the marks of a mail reader and its end. */
function saidIn(line: string): string {
  return trimEnd(unmarked(line), "\r");
}

/** A line without the marks of a mail reader that quotes it. */
export function unmarked(line: string): string {
  return line.slice(markOf(line).length);
}

/** Whether a line is one of the head of a notification, or of the report in it. */
function isOfReport(line: string): boolean {
  if (!line.startsWith("Co") && !line.startsWith("co")) return false;
  const said = lowered(line);
  if (!said.startsWith("content-type:")) return false;
  return said.includes("multipart/report") || said.includes("delivery-status");
}

/** Whether the message behind a line is a notification that somebody passed on. */
function isReport(lines: readonly string[], at: number): boolean {
  // The first head is that of the part, the next that of the message.
  let heads = 0;
  for (const given of lines.slice(at + 1, at + MOST_FIELDS)) {
    const line = saidIn(given);
    if (line === "" && ++heads > 1) return false;
    if (isOfReport(line)) return true;
  }
  return false;
}

/** Whether a returned message begins behind a line. */
function isCopy(line: string): boolean {
  if (lowered(before(line, ":")) === "content-type") {
    const kind = before(behind(line, ":"), ";");
    return RETURNED.includes(lowered(trim(kind, BLANKS)));
  }
  return COPIES.some((copy) => line.startsWith(copy));
}

/** The `> ` with which mail readers quote a line, once or more; mostly nothing. */
function markOf(line: string): string {
  if (!line.startsWith(">")) return "";
  const said = trimStart(line, "> ");
  const mark = trimEnd(line.slice(0, line.length - said.length), " ");
  return line.startsWith(" ", mark.length) ? `${mark} ` : mark;
}

/** Whether a line begins with a time as those of a log do. */
function isDated(line: string): boolean {
  let shape = "";
  for (const char of line.slice(0, 20)) {
    shape += char >= "0" && char <= "9" ? "0" : char;
  }
  if (shape.startsWith(ISO)) return true;
  return (
    MONTHS.indexOf(shape.slice(0, 3)) % 4 === 0 &&
    STAMPS.some((stamp) => shape.startsWith(stamp, 3))
  );
}

/** The lines of a log, and what stands between them, in order. */
function partsOf(
  lines: readonly string[],
  heads: Heads,
  logged: Logged,
): (Reading | string[])[] {
  const parts: (Reading | string[])[] = [];
  let stretch: string[] = [];
  let open = false;
  lines.forEach((line, at) => {
    const head = heads.get(at);
    if (head !== undefined) {
      parts.push(head);
      open = false;
    } else if (trim(line, BLANKS) === "") {
      // It ends what stood before, also behind a line of a log.
      stretch.push(line);
    } else if (!isOfOthers(line, logged)) {
      if (!open) parts.push((stretch = []));
      open = true;
      stretch.push(line);
    }
  });
  return parts;
}

/** Whether another program logged a line: such lines say nothing of Postfix. */
function isOfOthers(line: string, logged: Logged): boolean {
  if (!isDated(line) || markedIn(line).kind !== null) return false;
  return logged(trimEnd(line, "\r")) === undefined;
}

/**
 * What stands between lines of a log, for each stretch of it.
 *
 * Where each by itself says all that they say together, that counts. Else a line of a log
 * tore something apart: then they are one text, of which at most it is known where each
 * part stands.
 */
function between(
  stretches: readonly (readonly string[])[],
  plain: Plain,
): Reading[][] {
  const texts = stretches.map((lines) => lines.join("\n"));
  const said = plain(trim(joined(stretches), "\r\n"));
  if (texts.length < 2 || said.length === 0) return [said];
  const alone = texts.map((text) => plain(trim(text, "\r\n")));
  if (!areTorn(said, alone.flat())) return alone;
  const counts = alone.map((readings) => readings.length);
  if (alone.flat().length !== said.length) {
    const first = counts.findIndex((count) => count > 0);
    return texts.map((_, at) => (at === Math.max(first, 0) ? said : []));
  }
  let end = 0;
  return counts.map((count) => said.slice(end, (end += count)));
}

/** Stretches as one text, with a blank line between those that do not go on. */
function joined(stretches: readonly (readonly string[])[]): string {
  const made: string[] = [];
  for (const lines of stretches) {
    const last = made[made.length - 1];
    if (last !== undefined && !continues(last, lines[0] ?? "")) made.push("");
    for (const line of lines) made.push(line);
  }
  return made.join("\n");
}

/** Whether a line can go on with another: folded, or as a field behind a field. */
function continues(last: string, line: string): boolean {
  return isFolded(line) || (isField(line) && isField(last));
}

/** Whether a line is a field of a notification or of a message, or the rest of one. */
function isField(line: string): boolean {
  if (isFolded(line)) return true;
  const said = unmarked(line);
  const colon = said.indexOf(":");
  const name = said.slice(0, Math.max(colon, 0)).replaceAll("-", "");
  for (let at = 0; at < name.length; at++) {
    const unit = name.charCodeAt(at);
    if (!isLetter(unit) && !(unit >= 48 && unit <= 57)) return false;
  }
  return name !== "";
}

/** Whether a line is folded: begins with a blank behind the marks of a mail reader. */
function isFolded(line: string): boolean {
  const first = unmarked(line).charAt(0);
  return first === " " || first === "\t";
}

/** Whether stretches by themselves lose something, or have a piece of a notification more. */
function areTorn(said: readonly Reading[], alone: readonly Reading[]): boolean {
  const together = new Set(said.map(keyOf));
  const apart = new Set(alone.map(keyOf));
  if (said.some((one) => !apart.has(keyOf(one)))) return true;
  return alone.some(
    (one) => one.kind.startsWith("bounce_") && !together.has(keyOf(one)),
  );
}

/** What tells a reading from the others of a text. */
function keyOf(reading: Reading): string {
  const { kind, line, words } = reading;
  return JSON.stringify([kind, line, words, countIn(reading)]);
}

/** A line, what it says, and where it ends. */
interface Whole {
  readonly line: string;
  readonly reading: Reading;
  readonly end: number;
}

/** A line of a log, with those that it was broken into if it needs them. */
function whole(
  lines: readonly string[],
  at: number,
  head: Reading,
  heads: Heads,
  logged: Logged,
): Whole {
  let best: Whole = { line: lines[at] ?? "", reading: head, end: at + 1 };
  if (isWhole(head) && !lacksTail(head)) return best;
  const mark = markOf(best.line);
  const pieces = piecesOf(lines, at, heads);
  for (let nth = 0; nth < 3; nth++) {
    for (let count = 2; count <= pieces.length; count++) {
      const some = pieces.slice(0, count);
      const tried = waysOf(some)[nth]?.(some) ?? "";
      const reading = logged(tried);
      const alone = best.end === at + 1;
      if (!reading || !isBetter(reading, best.reading, alone)) continue;
      if (isSure(reading)) {
        best = { line: mark + tried, reading, end: at + count };
      }
    }
  }
  return best;
}

/** Whether a refusal was cut before the end that smtpd writes behind each. */
function lacksTail(reading: Reading): boolean {
  const { fields } = reading;
  return "action" in fields && "stage" in fields && !hasTail(reading);
}

function hasTail({ fields }: Reading): boolean {
  return "proto" in fields && "helo" in fields;
}

/** Whether pieces belong together: they name something, or end as a refusal does. */
function isSure(reading: Reading): boolean {
  const { fields, unsure } = reading;
  const torn = SINGLE.some((name) => /[ ,]/.test(fields[name] ?? ""));
  const words = reading.words ?? "";
  // Such a line ends in what does not belong to it.
  const open = countOf(words, "(") !== countOf(words, ")");
  if (torn || open) return false;
  // Where the program alone shows a reason, any words are one.
  return hasTail(reading) || (isNamed(reading) && !unsure.includes("reason"));
}

/**
 * Whether a reading is better than another, which may be of a line alone: if more of the
 * line was found, or as much and a reply that is known.
 */
function isBetter(one: Reading, other: Reading, alone: boolean): boolean {
  const more = compared(one, other);
  if (more !== 0 || alone) return more > 0;
  return one.match !== null && other.match === null;
}

/**
 * Of which reading more of a line was found: nothing was cut off, or there are more fields.
 *
 * What does not belong to a line and is put behind it makes neither more.
 */
function compared(one: Reading, other: Reading): number {
  const cut = Number(isCut(other)) - Number(isCut(one));
  return cut === 0 ? countIn(one) - countIn(other) : cut;
}

function countIn({ fields }: Reading): number {
  return Object.keys(fields).length;
}

/** A line of a log and those behind it that can be the rest of it, without quoting marks. */
function piecesOf(
  lines: readonly string[],
  at: number,
  heads: Heads,
): string[] {
  const mark = markOf(lines[at] ?? "");
  const pieces: string[] = [];
  for (let number = at; number < lines.length; number++) {
    const line = lines[number] ?? "";
    const piece = trimEnd(line.slice(mark.length), "\r");
    const known = heads.has(number) || !line.startsWith(mark);
    if (number > at && (known || !goesOn(piece))) break;
    pieces.push(piece);
    if (pieces.length > MOST_PIECES) return pieces.slice(0, 1);
  }
  return pieces;
}

/** Whether a line can be the rest of one of a log. */
function goesOn(piece: string): boolean {
  if (trim(piece, BLANKS) === "" || isLong(piece) || isDated(piece)) {
    return false;
  }
  return markedIn(piece).kind === null;
}

type Way = (pieces: readonly string[]) => string;

/** How to put pieces together, the likeliest first. */
function waysOf(pieces: readonly string[]): Way[] {
  // Mail programs break at blanks, so that lines differ in length; terminals break all alike.
  const lengths = pieces.slice(0, -1).map(lengthOf);
  const differ = Math.max(...lengths) - Math.min(...lengths);
  const isWide = Math.max(...lengths) > WIDEST_MAIL;
  if (lengths.length > 1 && differ <= 1 && isWide) {
    return [byWidth, byBlanks, byNothing];
  }
  return [byBlanks, byNothing, byWidth];
}

/** How many characters a piece has, which are not always UTF-16 units. */
function lengthOf(piece: string): number {
  return [...piece].length;
}

function byNothing(pieces: readonly string[]): string {
  return pieces.join("");
}

/** Pieces that were broken at blanks, but not inside an address. */
function byBlanks([first = "", ...pieces]: readonly string[]): string {
  let line = first;
  for (const piece of pieces) {
    const word = line.slice(line.lastIndexOf(" ") + 1);
    const inside = PAIRS.some(
      (pair) => countOf(word, pair.charAt(0)) > countOf(word, pair.charAt(1)),
    );
    line = inside
      ? line + piece
      : `${trimEnd(line, BLANKS)} ${trimStart(piece, BLANKS)}`;
  }
  return line;
}

/** Pieces of a width at which they were broken; a shorter one has lost its last blank. */
function byWidth(pieces: readonly string[]): string {
  const broken = pieces.slice(0, -1);
  const width = Math.max(...broken.map(lengthOf));
  const padded = broken.map((piece) =>
    lengthOf(piece) === width ? piece : `${piece} `,
  );
  return padded.join("") + (pieces[pieces.length - 1] ?? "");
}
