import { trimEnd, trimStart } from "./cutting.ts";
import { FRONTS } from "./fronts.ts";
import {
  choose,
  claims,
  codeOf,
  enhancedEnd,
  FAMILIES,
  fits,
  goesOn,
  hasTail,
  hosted,
  isHost,
  isOpen,
  knows,
  Match,
} from "./identify.ts";
import type { Codes } from "./identify.ts";
import type { Family, Row } from "./rows.ts";
import { ROWS } from "./tables.ts";

const BLANKS = " \t";
const ENDS = " \t;,";
/** What a word at the end of a text gives back. */
const MARKS = ".;,)";
/** Octets of a line with tails and repairs; RFC 5321 allows 512. */
const LONGEST = 10_000;
/** At how many `>: ` of a line tails are looked for. */
const PLACES = 4;
/** Stars of a masked host; characters of `<x>` in doubled brackets. */
const SHORTEST = 3;

/** A text in a line. */
interface Found {
  /** Which `>: ` of an angle text; 0 for other texts, 1 for those behind a host name. */
  readonly place: number;
  readonly row: Row;
  readonly values: readonly string[];
  readonly end: number;
  /** Whether anything may stand behind it. */
  readonly footer: boolean;
  /** Whether its end may be a tail. */
  readonly open: boolean;
}

/** The reply of a line of which more is wrong than its tail; tails are found too. */
export function repaired(received: string): Match | undefined {
  const repairs: string[] = [];
  const line = firstLine(received, repairs);
  if (isLong(line)) return undefined;
  return coded(line, repairs) ?? mended(line, repairs);
}

/** The same of a line with codes whose text is none from end to end. */
export function missed(
  received: string,
  said: string,
  codes: Codes,
): Match | undefined {
  const line = firstLine(received, []);
  if (isLong(line)) return undefined;
  return claimed(codes, said, seen(said, undefined), []) ?? mended(line, []);
}

/** The same of a line whose text is not Postfix's own under its codes. */
export function unclaimed(received: string): Match | undefined {
  const line = firstLine(received, []);
  return isLong(line) ? undefined : mended(line, []);
}

/** The reply of a line that is not known as it is. */
function mended(line: string, repairs: string[]): Match | undefined {
  for (const [name, repair] of REPAIRS) {
    const changed = repair(line);
    if (changed === line) continue;
    line = changed;
    repairs.push(name);
    const match = coded(line, repairs);
    if (match !== undefined) return match;
  }
  return reworded(line, repairs);
}

/** The reply of a line that is a text to its end, if the end is not a tail. */
export function tailed(
  received: string,
  said: string,
  codes: Codes,
  row: Row,
  values: readonly string[],
): Match | undefined {
  const [subject = ""] = values;
  const places = { plain: 0, angle: subject.length + 1, host: 1 };
  const open = isOpen(row, said, values);
  const place = places[row.family];
  const end = said.length;
  const whole = { place, row, values, end, footer: false, open };
  const found = isLong(said) ? whole : seen(said, whole);
  return claimed(codes, said, found, []) ?? unclaimed(received);
}

/** Whether the first words of a text with more characters than a row has stand at a place. */
export function isRivalled(row: Row, said: string, start: number): boolean {
  if (!row.rivalled) return false;
  const lead = row.shape[0] ?? "";
  const next = openingOf(said, start + lead.length, NEXT);
  if (RIVALS.get(row)?.has(next) === false) return false;
  return isBegun(row.family, said, start, row.weight);
}

/** Whether the first words of a text with more characters than `weight` stand at a place. */
export function isBegun(
  family: Family,
  said: string,
  start: number,
  weight: number,
): boolean {
  const fronts = FRONTS[family];
  let at = lastUpTo(family, said, start);
  for (let front = fronts[at]; front !== undefined; front = fronts[at]) {
    at = front.parent;
    if (!said.startsWith(front.lead, start)) continue;
    if (front.rows.some((row) => row.weight > weight)) return true;
  }
  return false;
}

/** Whether a line is longer than any that is looked into. */
export function isLong(line: string): boolean {
  if (line.length * 3 <= LONGEST) return false;
  if (line.length > LONGEST) return true;
  return new TextEncoder().encode(line).length > LONGEST;
}

/** The first line, with what goes on behind a line break and a blank. */
function firstLine(received: string, repairs: string[]): string {
  const at = received.indexOf("\n");
  let line = at < 0 ? received : received.slice(0, at);
  if (at >= 0 && goesOn(received, at + 1)) {
    repairs.push("folded");
    line = unfolded(received);
  }
  if (line.endsWith("\r")) line = line.slice(0, -1);
  const marked = line.charAt(3) === "-" && codeOf(line) > 0;
  return marked ? `${line.slice(0, 3)} ${line.slice(4)}` : line;
}

function unfolded(received: string): string {
  let pieces = received.split("\n");
  const last = pieces.findIndex((piece, at) => at > 0 && !goesOn(piece, 0));
  if (last > 0) pieces = pieces.slice(0, last);
  return pieces
    .map((piece, at) => {
      const said = at > 0 ? trimStart(piece, BLANKS) : piece;
      const ended = at + 1 < pieces.length && said.endsWith("\r");
      return ended ? said.slice(0, -1) : said;
    })
    .join(" ");
}

function coded(line: string, repairs: readonly string[]): Match | undefined {
  const { codes, said } = split(line);
  return codes.code === null ? undefined : attempt(codes, said, repairs);
}

/** The last resorts: no code, no brackets, no name of the host. */
function reworded(line: string, repairs: readonly string[]): Match | undefined {
  const { codes, said } = split(line);
  let match: Match | undefined;
  if (codes.code === null) {
    repairs = [...repairs, "no_code"];
    match = attempt(codes, said, repairs);
  }
  return (
    match ?? bracketed(codes, said, repairs) ?? unmasked(codes, said, repairs)
  );
}

/** The codes that a line begins with, if any, and its text. */
function split(line: string): { readonly codes: Codes; readonly said: string } {
  const mark = line.charCodeAt(3);
  const number = mark === 32 || mark === 45 ? codeOf(line) : 0;
  const code = number || null;
  const start = number ? 4 : 0;
  const end = enhancedEnd(line, start);
  const enhanced = end === 0 ? null : line.slice(start, end);
  const said = line.slice(end === 0 ? start : end + 1);
  return { codes: { code, enhanced }, said };
}

/** Without blanks before it, quotes around it, and the `smtp;` of a bounce. */
function unquoted(line: string): string {
  if (codeOf(line) > 0) return line;
  line = inside(trimStart(line, BLANKS));
  if (!/^smtp;/i.test(line)) return line;
  return trimStart(line.slice(5), BLANKS);
}

function inside(line: string): string {
  const opening = /^[bu]?(["'])/.exec(line);
  const quote = opening?.[1];
  if (opening === null || quote === undefined) return line;
  const closed = trimEnd(line, BLANKS);
  const [{ length }] = opening;
  if (closed.length <= length || !closed.endsWith(quote)) return line;
  return trimStart(closed.slice(length, -1), BLANKS);
}

function unescaped(line: string): string {
  if (!line.includes("&")) return line;
  return line
    .replace(/&lt;/g, "<")
    .replace(/&gt;/g, ">")
    .replace(/&quot;/g, '"')
    .replace(/&#39;/g, "'")
    .replace(/&amp;/g, "&");
}

/** With single spaces, also behind the first `>:`. */
function respaced(line: string): string {
  if (line.includes("\t") || line.includes("  ")) {
    line = line.replace(/[ \t]+/g, " ");
  }
  const at = line.indexOf(">:") + 2;
  const missing = at > 1 && line.charCodeAt(at) > 32;
  return missing ? `${line.slice(0, at)} ${line.slice(at)}` : line;
}

/** Without the marks around or behind the code. */
function uncoded(line: string): string {
  if (codeOf(line) > 0 && line.charCodeAt(3) === 32) return line;
  const marked =
    /^(?:\[([2-5][0-9]{2})\]|\(([2-5][0-9]{2})\)|([2-5][0-9]{2}))[:,]?(?= )/;
  return line.replace(marked, "$1$2$3");
}

const REPAIRS: readonly [string, (line: string) => string][] = [
  ["quoted", unquoted],
  ["entities", unescaped],
  ["blanks", respaced],
  ["code", uncoded],
];

/** An angle text whose subject has lost a bracket or both, or is lost itself. */
function bracketed(
  codes: Codes,
  said: string,
  repairs: readonly string[],
): Match | undefined {
  const at = said.indexOf(": ");
  if (at < 0) return undefined;
  const before = said.slice(0, at);
  const rest = said.slice(at + 2);
  const told = [...repairs, "brackets"];
  let subject = before.startsWith("<") ? before.slice(1) : before;
  if (subject.endsWith(">")) subject = subject.slice(0, -1);
  if (`<${subject}>` !== before && isSubject(codes, subject, rest)) {
    const text = `<${subject}>: ${rest}`;
    const found = seen(text, wholeOf(text));
    const match = claimed(codes, text, found, told);
    if (match !== undefined && found?.values[0] === subject) return match;
  }
  if (codes.code !== null) return undefined;
  const end = ending(untotalled(said));
  const row = FAMILIES.angle.tails.get(said.slice(0, end), 0, end);
  if (row === undefined) return undefined;
  const lone = { place: 0, row, values: [""], end, footer: false, open: false };
  return claimed(codes, said, lone, told);
}

function isSubject(codes: Codes, subject: string, rest: string): boolean {
  if (subject === "") return true;
  if (/^[<[]/.test(subject) || subject.includes(" ")) return false;
  const sure = codes.code !== null && rest.includes(" rejected: ");
  return sure || subject.includes("@") || subject.includes("[");
}

/** Without how often a summary counted it. */
function untotalled(said: string): string {
  const at = said.lastIndexOf(" (total: ");
  const counted = at >= 0 && /^[0-9]+\)$/.test(said.slice(at + 9));
  return counted ? said.slice(0, at) : said;
}

/** A text that opens with a host of which only stars are left. */
function unmasked(
  codes: Codes,
  said: string,
  repairs: readonly string[],
): Match | undefined {
  if (said.charCodeAt(0) !== 42) return undefined;
  const stars = said.length - trimStart(said, "*").length;
  if (stars < SHORTEST || said.charAt(stars) !== " ") return undefined;
  const plain = "x".repeat(stars) + said.slice(stars);
  const found = seen(plain, wholeOf(plain));
  if (found === undefined || found.place !== 1) return undefined;
  const values = [said.slice(0, stars), ...found.values.slice(1)];
  const told = [...repairs, "masked"];
  return claimed(codes, said, { ...found, values }, told);
}

function attempt(
  codes: Codes,
  said: string,
  repairs: readonly string[],
): Match | undefined {
  return claimed(codes, said, seen(said, wholeOf(said)), repairs);
}

/**
 * The match, unless others say such words too and the codes do not show that
 * Postfix does.
 */
function claimed(
  codes: Codes,
  said: string,
  found: Found | undefined,
  repairs: readonly string[],
): Match | undefined {
  if (found === undefined) return undefined;
  const { code, enhanced } = codes;
  const owner = choose(found.row.owners, code, enhanced ?? "");
  if (owner === undefined) return undefined;
  const tail = said.slice(found.end);
  if (owner.words === "unknown" && !isSure(codes, found, tail)) {
    return undefined;
  }
  const [subject = "", ...rest] = found.values;
  const doubled = said.startsWith("<<") && subject.endsWith(">");
  if (!doubled || subject.length < SHORTEST) {
    return new Match(owner, code, enhanced, found.values, { tail, repairs });
  }
  const values = [subject.slice(1, -1), ...rest];
  const told = [...repairs.filter((name) => name !== "brackets"), "brackets"];
  return new Match(owner, code, enhanced, values, { tail, repairs: told });
}

function isSure(codes: Codes, found: Found, tail: string): boolean {
  const { code, enhanced } = codes;
  const { owners } = found.row;
  if (code === null) return false;
  if (found.footer) {
    // A footer is put behind refusals only, and begins a sentence.
    const begins = /^\. [A-Z]/.test(tail);
    return code >= 400 && begins && knows(owners, code, enhanced ?? "");
  }
  return found.values.length > 0 || claims(owners, codes);
}

/** The text in `said`: whole, which is `found`, before a known tail, or before a footer. */
function seen(said: string, found: Found | undefined): Found | undefined {
  if (found !== undefined && !found.open) return found;
  const end = ending(said);
  const cut = cutAt(said, end);
  if (cut !== undefined) {
    if (!cut.open) return cut;
    found = cut;
  }
  const front = frontOf(said.slice(0, end));
  if (found === undefined || front === undefined) return front ?? found;
  const longer =
    front.place === found.place && front.row.weight > found.row.weight;
  return longer || front.place < found.place ? front : found;
}

/** The text before a known tail, to which the blank or the full stop before it may belong. */
function cutAt(said: string, end: number): Found | undefined {
  if (end === said.length) return undefined;
  const cut = wholeOf(said.slice(0, end));
  const mark = said.charAt(end);
  if (mark !== " " && mark !== ".") return cut;
  const longer = wholeOf(said.slice(0, end + 1));
  if (cut === undefined || longer === undefined) return cut ?? longer;
  return longer.row.weight > cut.row.weight ? longer : cut;
}

/** What `said` is from end to end. */
function wholeOf(said: string): Found | undefined {
  if (said === "") return undefined;
  if (said.startsWith("<")) return behindSubject(said);
  const values: string[] = [];
  const plain = FAMILIES.plain.hold(said, 0, values);
  const row = plain ?? hosted(said, 0, values);
  return row && found(plain === undefined ? 1 : 0, row, values, said);
}

function found(
  place: number,
  row: Row,
  values: readonly string[],
  said: string,
): Found {
  const open = isOpen(row, said, values);
  return { place, row, values, end: said.length, footer: false, open };
}

function behindSubject(said: string): Found | undefined {
  for (const place of placesOf(said)) {
    const values = [said.slice(1, place)];
    const row = FAMILIES.angle.hold(said, place + 3, values);
    if (row !== undefined) return found(place, row, values, said);
  }
  return undefined;
}

/** Where a subject may end: at the first few `>: `. */
function placesOf(said: string): number[] {
  const places: number[] = [];
  let place = said.indexOf(">: ");
  while (place >= 0 && places.length < PLACES) {
    places.push(place);
    place = said.indexOf(">: ", place + 1);
  }
  return places;
}

/** Where the tail begins that a log or a bounce puts behind a text. */
function ending(said: string): number {
  if (!hasTail(said)) return said.length;
  const start = said.startsWith("<") ? said.indexOf(">: ") : 0;
  const at = start < 0 ? -1 : said.indexOf("; from=<", start);
  let cut = trimEnd(at < 0 ? said : said.slice(0, at), ENDS);
  if (cut.endsWith(" command)")) {
    const place = cut.lastIndexOf(" (in reply to ");
    // What another server said has its own.
    if (place >= 0 && count(cut, " (in reply to ") > count(cut, " said: ")) {
      cut = trimEnd(cut.slice(0, place), ENDS);
    }
  }
  if (cut.endsWith(".") && !cut.endsWith("..")) {
    cut = trimEnd(cut.slice(0, -1), BLANKS);
  }
  return cut.length;
}

function count(said: string, piece: string): number {
  let times = 0;
  let at = said.indexOf(piece);
  for (; at >= 0; at = said.indexOf(piece, at + piece.length)) times++;
  return times;
}

/** The text that `said` begins with, at the leftmost place that has one. */
function frontOf(said: string): Found | undefined {
  if (!said.startsWith("<")) {
    return frontAt("plain", said, 0, 0, []) ?? hostedFront(said);
  }
  for (const place of placesOf(said)) {
    const before = [said.slice(1, place)];
    const front = frontAt("angle", said, place + 3, place, before);
    if (front !== undefined) return front;
  }
  return undefined;
}

function hostedFront(said: string): Found | undefined {
  const space = said.indexOf(" ");
  if (space < 0 || !isHost(said, 0, space)) return undefined;
  return frontAt("host", said, space + 1, 1, [said.slice(0, space)]);
}

/** The text with the most literal characters that begins at a place. */
function frontAt(
  family: Family,
  said: string,
  start: number,
  place: number,
  before: readonly string[],
): Found | undefined {
  let best: Found | undefined;
  const fronts = FRONTS[family];
  let at = lastUpTo(family, said, start);
  for (let front = fronts[at]; front !== undefined; front = fronts[at]) {
    at = front.parent;
    if (!said.startsWith(front.lead, start)) continue;
    for (const row of front.rows) {
      const values = [...before];
      const end = fitFront(row, said, start, values);
      if (end < 0) continue;
      const one = { place, row, values, end, footer: true, open: false };
      if (best === undefined || isBetter(one, best)) best = one;
    }
  }
  return best;
}

/** The place of the last first words that are not behind what stands at `start`, or -1. */
function lastUpTo(family: Family, said: string, start: number): number {
  const { length, known } = OPENINGS[family];
  if (!known.has(openingOf(said, start, length))) return -1;
  const fronts = FRONTS[family];
  let low = 0;
  let high = fronts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const lead = fronts[middle]?.lead ?? "";
    if (lead > said.slice(start, start + lead.length)) high = middle;
    else low = middle + 1;
  }
  return low - 1;
}

/** How many characters of first words are looked at before all are. */
const NEXT = 2;
/** How those that rival a row go on where its own first words end, if all of them do. */
const RIVALS: ReadonlyMap<Row, ReadonlySet<number>> = /* @__PURE__ */ rivals();

function rivals(): Map<Row, Set<number>> {
  const found = new Map<Row, Set<number>>();
  for (const row of ROWS) {
    if (!row.opens || !row.rivalled) continue;
    const [lead = ""] = row.shape;
    const leads = FRONTS[row.family]
      .filter(({ rows }) => rows.some(({ weight }) => weight > row.weight))
      .map((front) => front.lead)
      .filter((other) => other.startsWith(lead) || lead.startsWith(other));
    if (leads.some((other) => other.length < lead.length + NEXT)) continue;
    const nexts = leads.map((other) => openingOf(other, lead.length, NEXT));
    found.set(row, new Set(nexts));
  }
  return found;
}

interface Opening {
  readonly length: number;
  readonly known: ReadonlySet<number>;
}

/** How any first words begin; most lines of others do not begin so. */
const OPENINGS: Readonly<Record<Family, Opening>> = {
  plain: /* @__PURE__ */ openings("plain"),
  angle: /* @__PURE__ */ openings("angle"),
  host: /* @__PURE__ */ openings("host"),
};

function openings(family: Family): Opening {
  const leads = FRONTS[family].map((front) => front.lead);
  const length = Math.min(NEXT, ...leads.map((lead) => lead.length));
  const known = new Set(leads.map((lead) => openingOf(lead, 0, length)));
  return { length, known };
}

/** The first two characters, or fewer, as a number; few others have the same. */
function openingOf(said: string, start: number, length: number): number {
  if (length === 0) return 0;
  const first = said.charCodeAt(start) & 127;
  return length === 1
    ? first
    : (first << 7) | (said.charCodeAt(start + 1) & 127);
}

function isBetter(one: Found, other: Found): boolean {
  if (one.row.weight !== other.row.weight) {
    return one.row.weight > other.row.weight;
  }
  if (one.end !== other.end) return one.end > other.end;
  return one.values.length < other.values.length;
}

/**
 * Where a text ends, each literal taken where it first occurs, or -1; adds to
 * `values` what stands between them.
 */
function fitFront(
  row: Row,
  said: string,
  start: number,
  values: string[],
): number {
  const { shape } = row;
  let at = start + (shape[0] ?? "").length;
  for (let number = 1; number < shape.length; number += 2) {
    const literal = shape[number + 1] ?? "";
    const end = literal === "" ? wordEnd(said, at) : said.indexOf(literal, at);
    if (end < 0 || !fits(shape[number], said, at, end)) return -1;
    values.push(said.slice(at, end));
    at = end + literal.length;
  }
  return isWordEnd(said, at) ? at : -1;
}

function wordEnd(said: string, at: number): number {
  const space = said.indexOf(" ", at);
  let end = space < 0 ? said.length : space;
  while (end > at && MARKS.includes(said.charAt(end - 1))) end--;
  return end;
}

/** What is not ASCII counts as a letter. */
function isWordEnd(said: string, at: number): boolean {
  const letter = /[0-9A-Za-z\u0080-\uffff]/;
  const char = said.charAt(at);
  if (char === ".") return !letter.test(said.charAt(at + 1));
  return char !== "_" && char !== "-" && !letter.test(char);
}
