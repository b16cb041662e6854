import { named } from "./given.ts";
import { Match, nearness } from "./match.ts";
import {
  isBegun,
  isRivalled,
  missed,
  repaired,
  tailed,
  unclaimed,
} from "./near.ts";
import { HEADS, ROWS, WIDEST } from "./tables.ts";
import type { Owner, Row } from "./rows.ts";

export { Match } from "./match.ts";

/** A table of texts by a number that is cheap to compute and seldom shared. */
class Texts<T> {
  longest: number = 0;
  readonly #rows = new Map<number, [string, T][]>();

  add(text: string, value: T): void {
    const key = keyOf(text, 0, text.length);
    const row = this.#rows.get(key);
    if (row === undefined) this.#rows.set(key, [[text, value]]);
    else row.push([text, value]);
    this.longest = Math.max(this.longest, text.length);
  }

  /** The value of the text that stands in `said` from `start` to `end`. */
  get(said: string, start: number, end: number): T | undefined {
    if (end - start > this.longest) return undefined;
    const row = this.#rows.get(keyOf(said, start, end));
    if (row === undefined) return undefined;
    const text = said.slice(start, end);
    for (const entry of row) if (entry[0] === text) return entry[1];
    return undefined;
  }
}

function keyOf(text: string, start: number, end: number): number {
  const length = end - start;
  if (length === 0) return 0;
  const middle = text.charCodeAt(start + (length >> 1)) & 127;
  const third = text.charCodeAt(start + ((length * 3) >> 2)) & 127;
  const first = text.charCodeAt(start) & 127;
  return ((((first << 7) | middle) << 7) | third) * 512 + (length & 511);
}

/** Texts that open alike: each whole one, and others by their first characters. */
class Family {
  readonly tails: Texts<Row> = new Texts<Row>();
  readonly heads: { length: number; texts: Texts<readonly Row[]> }[] = [];

  /** Whose the text from `start` on is; adds to `values` what it carries. */
  hold(said: string, start: number, values: string[]): Row | undefined {
    const row = this.tails.get(said, start, said.length);
    if (row !== undefined) return row;
    for (const { length, texts } of this.heads) {
      if (start + length > said.length) continue;
      const found = texts.get(said, start, start + length);
      if (found === undefined) continue;
      for (const row of found) {
        if (fit(row.shape, said, start, values)) return row;
      }
    }
    return undefined;
  }
}

export const FAMILIES: Families = /* @__PURE__ */ load();

interface Families {
  readonly plain: Family;
  readonly angle: Family;
  readonly host: Family;
}

function load(): Families {
  const families = {
    plain: new Family(),
    angle: new Family(),
    host: new Family(),
  };
  for (const row of ROWS) {
    if (row.shape.length > 1) continue;
    families[row.family].tails.add(row.shape[0] ?? "", row);
  }
  for (const { family, text, rows } of HEADS) {
    const { heads } = families[family];
    let last = heads[heads.length - 1];
    if (last === undefined || last.length !== text.length) {
      last = { length: text.length, texts: new Texts() };
      heads.push(last);
    }
    last.texts.add(
      text,
      rows.flatMap((number) => ROWS[number] ?? []),
    );
  }
  return families;
}

interface Opener {
  readonly opener: string;
  readonly last: string;
}

const OPENERS: readonly Opener[] = /* @__PURE__ */ openers();

function openers(): Opener[] {
  return WIDEST.map((number) => {
    const shape = ROWS[number]?.shape ?? [];
    return {
      opener: `>: ${shape[0] ?? ""}`,
      last: shape[shape.length - 1] ?? "",
    };
  });
}

/**
 * The reply that a line is, undefined where no text of the catalog is in it.
 *
 * The line is as a client receives it: a reply code, perhaps an enhanced status
 * code, the text. Or give the code and the text apart. Bytes are UTF-8. Of several
 * lines the first counts. The text alone decides, never the codes. What stands
 * behind the text is the match's tail, and what had to be put right its repairs.
 * The time is linear in the length of the line, whatever it holds, and no line
 * throws.
 */
export function identify(line: string | Uint8Array): Match | undefined;
export function identify(
  code: number,
  text: string | Uint8Array,
): Match | undefined;
export function identify(
  given: string | Uint8Array | number,
  text?: string | Uint8Array,
): Match | undefined {
  const received = typeof given === "string" ? given : lineOf(given, text);
  let line = received;
  const code = codeOf(line);
  const between = line.charCodeAt(3);
  if (code === 0 || (between !== 32 && between !== 45)) {
    return repaired(received);
  }
  let end = line.indexOf("\n");
  if (end < 0) end = line.length;
  else if (goesOn(line, end + 1)) return repaired(received);
  if (line.charCodeAt(end - 1) === 13) end--;
  if (end < 5) return undefined;
  if (end < line.length) line = line.slice(0, end);
  let start = 4;
  let enhanced: string | null = null;
  const after = enhancedEnd(line, 4);
  if (after > 0) {
    enhanced = line.slice(4, after);
    start = after < end ? after + 1 : end;
  }
  if (start >= end) return undefined;
  const values: string[] = [];
  const angled = line.charCodeAt(start) === 60;
  const row = angled
    ? angle(line, start, values)
    : (FAMILIES.plain.hold(line, start, values) ?? hosted(line, start, values));
  if (row === undefined) {
    return missed(received, line.slice(start), { code, enhanced });
  }
  const doubled = angled && line.charCodeAt(start + 1) === 60;
  if (doubled || (row.opens && isTailed(row, line, start, values))) {
    const codes = { code, enhanced };
    return tailed(received, line.slice(start), codes, row, values);
  }
  const { owners } = row;
  const owner =
    owners.length > 1 ? choose(owners, code, enhanced ?? "") : owners[0];
  if (owner === undefined) return undefined;
  if (values.length === 0 && owners[0]?.words === "unknown") {
    const codes = { code, enhanced };
    if (!claims(owners, codes)) return unclaimed(received);
  }
  return new Match(owner, code, enhanced, values);
}

/** Whether a line that matches a row has to be looked at again: where it may have a tail. */
function isTailed(
  row: Row,
  line: string,
  start: number,
  values: readonly string[],
): boolean {
  if (!isOpen(row, line, values)) return false;
  if (hasTail(line)) return true;
  const name = values[0] ?? "";
  if (row.family === "plain") return isRivalled(row, line, start);
  if (row.family === "host") {
    if (isBegun("plain", line, start, 0)) return true;
    return isRivalled(row, line, start + name.length + 1);
  }
  // Without one in the subject, the first `>: ` is the one behind it.
  if (name.includes(">")) return true;
  return isRivalled(row, line, start + name.length + 4);
}

/** Whether a text may end in a tail that is known. */
export function hasTail(said: string): boolean {
  const last = said.charCodeAt(said.length - 1);
  if (last === 32 || last === 9 || last === 44 || isMark(last)) return true;
  return said.includes(";") && said.includes("; from=<");
}

/** Whether a character is one of `.;)`. */
function isMark(unit: number): boolean {
  return unit === 46 || unit === 59 || unit === 41;
}

function lineOf(
  given: Uint8Array | number,
  text: string | Uint8Array | undefined,
): string {
  if (typeof given !== "number") return decoded(given);
  const said = decoded(text);
  const again = said.startsWith(`${given} `) || said.startsWith(`${given}-`);
  return again ? said : `${given} ${said}`;
}

const UTF8 = /* @__PURE__ */ new TextDecoder("utf-8", { ignoreBOM: true });

/** A text that may be bytes, which are UTF-8; throws TypeError where it is neither. */
export function decoded(text: unknown): string {
  if (typeof text === "string") return text;
  // A Uint8Array of another realm is no instance of the one here.
  if (ArrayBuffer.isView(text)) return UTF8.decode(text);
  throw new TypeError(`give a string or a Uint8Array, not ${named(text)}`);
}

/** The codes that a line has; null where it has none. */
export interface Codes {
  readonly code: number | null;
  readonly enhanced: string | null;
}

/** Whether a line goes on behind a line break. */
export function goesOn(line: string, at: number): boolean {
  const unit = line.charCodeAt(at);
  return unit === 32 || unit === 9;
}

/** Whether the end of a line that matches a row can be a tail. */
export function isOpen(
  row: Row,
  line: string,
  values: readonly string[],
): boolean {
  if (!row.opens || values[values.length - 1] === "") return false;
  if (row.shape[row.shape.length - 2] === "text") return true;
  const last = line.charCodeAt(line.length - 1);
  return last === 44 || isMark(last); // ,
}

/**
 * Whether the catalog knows words that others say too under these codes, or under
 * those that soft_bounce makes 4yz of.
 */
export function claims(owners: readonly Owner[], codes: Codes): boolean {
  const { code, enhanced } = codes;
  if (knows(owners, code, enhanced ?? "")) return true;
  if (code === null || code < 400 || code > 499) return false;
  if (enhanced === null) return knows(owners, code + 100, "");
  const hard = `5${enhanced.slice(1)}`;
  return enhanced.startsWith("4") && knows(owners, code + 100, hard);
}

/** Whether the catalog knows one of the replies under a pair of codes. */
export function knows(
  owners: readonly Owner[],
  code: number | null,
  enhanced: string,
): boolean {
  return owners.some((owner) => nearness(owner, code, enhanced) === 4);
}

export function codeOf(line: string): number {
  const first = line.charCodeAt(0) - 48;
  const second = line.charCodeAt(1) - 48;
  const third = line.charCodeAt(2) - 48;
  if (!(first >= 2 && first <= 5 && second >= 0 && second <= 9)) return 0;
  if (!(third >= 0 && third <= 9)) return 0;
  return first * 100 + second * 10 + third;
}

/** Where the enhanced status code ends that begins at `start`; 0 if none does. */
export function enhancedEnd(line: string, start: number): number {
  const first = line.charCodeAt(start);
  if (first !== 50 && first !== 52 && first !== 53) return 0;
  if (line.charCodeAt(start + 1) !== 46) return 0;
  const dot = digitsEnd(line, start + 2);
  if (dot === start + 2 || line.charCodeAt(dot) !== 46) return 0;
  const end = digitsEnd(line, dot + 1);
  if (end === dot + 1) return 0;
  return end === line.length || line.charCodeAt(end) === 32 ? end : 0;
}

/** Whether a word is an enhanced status code (RFC 3463 section 2). */
export function isEnhanced(word: string): boolean {
  return word !== "" && enhancedEnd(word, 0) === word.length;
}

/** Where a run of three digits at most ends. */
function digitsEnd(line: string, start: number): number {
  let at = start;
  while (at < start + 3) {
    const digit = line.charCodeAt(at) - 48;
    if (!(digit >= 0 && digit <= 9)) break;
    at++;
  }
  return at;
}

function angle(line: string, start: number, values: string[]): Row | undefined {
  const first = line.indexOf(">: ", start + 1);
  if (first < 0) return undefined;
  values.push(line.slice(start + 1, first));
  const row = FAMILIES.angle.hold(line, first + 3, values);
  if (row !== undefined) return row;
  const place = further(line, first + 1);
  if (place < 0) return undefined;
  values[0] = line.slice(start + 1, place);
  return FAMILIES.angle.hold(line, place + 3, values);
}

/** The leftmost `>: ` from `start` on where a text matches, in few searches; else -1. */
function further(line: string, start: number): number {
  let place = tailPlace(line, start);
  for (const { opener, last } of OPENERS) {
    if (!line.endsWith(last)) continue;
    const found = line.indexOf(opener, start);
    const fits = found + opener.length + last.length <= line.length;
    if (found >= 0 && fits && (place < 0 || found < place)) place = found;
  }
  return place;
}

/** The leftmost `>: ` from `start` on with a text without placeholders behind it. */
function tailPlace(line: string, start: number): number {
  const { tails } = FAMILIES.angle;
  const soonest = Math.max(start, line.length - tails.longest - 3);
  let place = line.indexOf(">: ", soonest);
  while (place >= 0 && !tails.get(line, place + 3, line.length)) {
    place = line.indexOf(">: ", place + 1);
  }
  return place;
}

export function hosted(
  line: string,
  start: number,
  values: string[],
): Row | undefined {
  const space = line.indexOf(" ", start);
  if (space < 0 || !isHost(line, start, space)) return undefined;
  values.push(line.slice(start, space));
  return FAMILIES.host.hold(line, space + 1, values);
}

/**
 * Whether a text has a shape, every literal taken where it first occurs; adds to
 * `values` what stands between them.
 */
function fit(
  shape: readonly string[],
  said: string,
  start: number,
  values: string[],
): boolean {
  const lead = shape[0] ?? "";
  const last = shape[shape.length - 1] ?? "";
  const end = said.length - last.length;
  const before = values.length;
  let at = start + lead.length;
  if (end < at) return false;
  // Most that differ do so there, and a comparison costs more than a look.
  if (said.charCodeAt(at - 1) !== lead.charCodeAt(lead.length - 1)) {
    return false;
  }
  if (said.slice(start, at) !== lead) return false;
  if (last !== "" && said.slice(end) !== last) return false;
  for (let number = 1; number < shape.length; number += 2) {
    const literal = shape[number + 1] ?? "";
    const ends = number + 2 === shape.length;
    const found = ends ? end : said.indexOf(literal, at);
    const stop = found + literal.length;
    const outside = found < 0 || (!ends && stop > end);
    if (outside || !fits(shape[number], said, at, found)) {
      values.length = before;
      return false;
    }
    values.push(said.slice(at, found));
    at = stop;
  }
  return true;
}

/** Whether a stretch is of a placeholder's type. */
export function fits(
  type: string | undefined,
  said: string,
  start: number,
  end: number,
): boolean {
  if (type === "host") return isHost(said, start, end);
  if (type === "text") return true;
  const space = said.slice(start, end).indexOf(" ");
  return start < end && space < 0;
}

/** Whether a stretch is one or more letters, digits and -.:_[]. */
export function isHost(said: string, start: number, end: number): boolean {
  for (let at = start; at < end; at++) {
    const unit = said.charCodeAt(at);
    const letter = (unit | 32) >= 97 && (unit | 32) <= 122 && unit < 128;
    const digit = unit >= 48 && unit <= 58;
    const dash = unit === 45 || unit === 46 || unit === 95; // -._
    const bracket = unit === 91 || unit === 93;
    if (!(letter || digit || dash || bracket)) return false;
  }
  return start < end;
}

/** Of replies with one text, the one whose codes are nearest. */
export function choose(
  owners: readonly Owner[],
  code: number | null,
  enhanced: string,
): Owner | undefined {
  let best: Owner | undefined;
  let most = -1;
  for (const owner of owners) {
    const near = nearness(owner, code, enhanced);
    if (near > most) {
      most = near;
      best = owner;
    }
  }
  return best;
}
