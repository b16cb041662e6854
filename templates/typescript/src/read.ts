import { readBounce } from "./bounces.ts";
import {
  joined,
  ofRefusals,
  readClient,
  readObject,
  readQuoted,
  wellFormed,
} from "./clients.ts";
import { BLANKS, countOf, isDigits, trim, trimEnd } from "./cutting.ts";
import { Fields } from "./fields.ts";
import { named } from "./given.ts";
import { decoded, identify } from "./identify.ts";
import { daemonOf, isQueueId, readEnd, readLog, readRecord } from "./logs.ts";
import {
  isLog,
  isWhole,
  mended,
  MOST_PIECES,
  readMixed,
  unmarked,
} from "./mixed.ts";
import { isLong } from "./near.ts";
import { cleared } from "./pasted.ts";
import { ofReason, ofSaid, Reading } from "./reading.ts";
import { readSession } from "./sessions.ts";
import { cutClient } from "./tails.ts";
import { isTold, quoted } from "./told.ts";
import { isReply } from "./wrapped.ts";

export { Reading } from "./reading.ts";
export type { Outcome } from "./reading.ts";

/** What all languages count exactly. */
const LARGEST = 2 ** 53;
/** Brackets of a line of JSON; how deep one may nest differs between languages. */
const MOST_BRACKETS = 500;
/** Objects and lists of an error as JSON. */
const MOST_NESTED = 200;
const ENDS = "\r\n";
const LISTED = [
  ["queue_name", "queue"],
  ["sender", "from"],
] as const;

/**
 * What a held text says, and who said it; undefined where nothing of it is known.
 *
 * It takes a line of a log, a bounce, a transcript, a queue listing, what a client threw
 * or showed, or a reply: as a string, as bytes, which are UTF-8, or as an error, such as
 * those of nodemailer. Of several things the first that is a refusal counts. What a
 * client chose never counts for more than what Postfix wrote. The time is linear in the
 * length, and no text throws.
 */
export function read(held: unknown): Reading | undefined {
  const given = textHeld(held);
  if (given === undefined) return firstOf(readAll(held));
  const text = cleared(given);
  if (!text.includes("\n")) return ofLine(text);
  const broken = mended(trim(text, ENDS), logged);
  if (isLog(broken)) return firstOf([...broken.heads.values()]);
  const found = firstOf(plain(broken.lines.join("\n")));
  if (found !== undefined && isWhole(found)) return found;
  const other = firstOf(readMixed(broken, logged, plain));
  if (found === undefined) return other;
  return other !== undefined && isWhole(other) ? other : found;
}

/**
 * All that a held text says: a reading for each line of a log, or recipient of a bounce.
 *
 * Lines of a log are read as such, and what stands between them as one text.
 */
export function readAll(held: unknown): Reading[] {
  const text = textHeld(held);
  if (text !== undefined) return ofText(text);
  if (typeof held === "object" && held !== null) {
    const refused = refusedBy(held);
    if (refused.length > 0) return refused;
    if (held instanceof Error) return ofText(`${held.name}: ${held.message}`);
  }
  throw new TypeError(
    `give a string, a Uint8Array or an error, not ${named(held)}`,
  );
}

/** A reading for each line that is one of a log of Postfix, as they come: for whole logs. */
export function* readLines(
  lines: Iterable<string | Uint8Array>,
): Generator<Reading> {
  for (const line of lines) {
    const reading = logged(trimEnd(decoded(line), ENDS));
    if (reading !== undefined) yield reading;
  }
}

/** A text that is held as such or as bytes, else undefined. */
function textHeld(held: unknown): string | undefined {
  if (typeof held === "string") return held;
  return ArrayBuffer.isView(held) ? decoded(held) : undefined;
}

function ofText(given: string): Reading[] {
  const text = trim(cleared(given), ENDS);
  if (!text.includes("\n")) return one(ofLine(text));
  const broken = mended(text, logged);
  const readings = readMixed(broken, logged, plain);
  return readings.length > 0 ? readings : plain(broken.lines.join("\n"));
}

/** What a text says that has no line of a log, or of which it does not matter. */
function plain(text: string): Reading[] {
  if (!text.includes("\n")) return one(ofLine(text));
  const readings = whole(text);
  if (readings.length > 0) return readings;
  return text.split("\n").flatMap((line) => one(ofLine(line)));
}

/** The first that is a refusal or a reason, else the first. */
function firstOf(readings: readonly Reading[]): Reading | undefined {
  const refused = readings.find(
    ({ line, words }) => line !== null || words !== null,
  );
  return refused ?? readings[0];
}

/** What one line says. */
function ofLine(given: string): Reading | undefined {
  const line = given.endsWith("\r") ? given.slice(0, -1) : given;
  if (isReply(line)) return ofLineOfReply(line);
  const found = logged(line);
  if (found !== undefined || isLong(line)) return found;
  return object(line) ?? piece(line);
}

/** What a line says that is one of a log, or JSON that carries one. */
function logged(line: string): Reading | undefined {
  if (isLong(line)) return undefined;
  const found = line.startsWith("{") ? json(line) : undefined;
  return found ?? readLog(line);
}

/** What a text says that is no line of a log. */
function piece(given: string): Reading | undefined {
  const text = trim(given, BLANKS);
  if (isReply(text)) return ofLineOfReply(text);
  if (text.startsWith("(") && text.endsWith(")")) {
    const reason = text.slice(1, -1);
    if (isReason(reason)) {
      return ofReason("queue_listing", reason, new Fields());
    }
  }
  const known = bare(text) ?? readEnd(text);
  if (known !== undefined) return known;
  const [refusal] = readSession(text);
  if (refusal !== undefined) return refusal;
  const marked = text.startsWith(">");
  const [recipient] = readBounce(marked ? trim(text.slice(1), BLANKS) : text);
  if (recipient !== undefined && recipient.reasonMatch !== null) {
    return recipient;
  }
  if (identify(text) !== undefined) {
    return ofSaid("reply", "server", text, new Fields());
  }
  return recipient ?? readClient(text);
}

/** What a reason says that nothing stands around, but perhaps the end of what did. */
function bare(text: string): Reading | undefined {
  const closes = text.endsWith(")") && countOf(text, ")") > countOf(text, "(");
  const reason = closes || text.endsWith(".") ? text.slice(0, -1) : text;
  if (!isReason(reason)) return undefined;
  return ofReason("reason", reason, new Fields());
}

/** Whether a text that nothing stands around is a reason of the delivery side. */
function isReason(text: string): boolean {
  return quoted(text) !== undefined || isTold(text);
}

function ofLineOfReply(line: string): Reading {
  if (isLong(line)) return ofSaid("reply", "server", line, new Fields());
  const found = readQuoted(line);
  if (found !== undefined) return found;
  const { said, fields, unsure } = cutClient(line, "");
  return ofSaid("reply", "server", said, fields, unsure);
}

/** What a text of several lines says as a whole; empty where its lines stand for themselves. */
function whole(text: string): Reading[] {
  for (const readings of [listing, bounce, readSession, log]) {
    const found = readings(text);
    if (found.length > 0) return found;
  }
  return one(bare(unfolded(text)) ?? readClient(text));
}

/** A text on one line. */
function unfolded(text: string): string {
  return text
    .split("\n")
    .map((line) => trim(line, BLANKS))
    .join(" ");
}

function bounce(text: string): Reading[] {
  const found = readBounce(text);
  const isQuoted = text.startsWith(">") || text.includes("\n>");
  return found.length === 0 && isQuoted ? readBounce(unquoted(text)) : found;
}

function log(text: string): Reading[] {
  return [...readLines(text.split("\n"))];
}

function one(reading: Reading | undefined): Reading[] {
  return reading === undefined ? [] : [reading];
}

/** A text without the marks of a mail reader that quotes it, or parts of it. */
function unquoted(text: string): string {
  return text.split("\n").map(unmarked).join("\n");
}

/** What mailq shows: a message, the reason that it waits, its recipients. */
function listing(text: string): Reading[] {
  const readings: Reading[] = [];
  let message: Fields | undefined;
  let reason = "";
  // Whether the reason has no recipient yet.
  let alone = false;
  const add = (recipient: string): void => {
    alone = false;
    if (message === undefined) return;
    readings.push(waiting(message, reason, recipient));
  };
  for (const line of closed(text.split("\n"))) {
    const listed = listedIn(line);
    const said = trim(line, BLANKS);
    const opened = said.startsWith("(");
    if (alone && (listed !== undefined || opened)) add("");
    if (listed !== undefined) {
      message = listed;
      reason = "";
    } else if (message !== undefined && opened) {
      const close = said.lastIndexOf(")");
      reason = said.slice(1, close < 0 ? said.length : close);
      const to = close < 0 ? "" : trim(said.slice(close + 1), BLANKS);
      if (to === "") alone = true;
      else add(to);
    } else if (reason !== "" && said !== "" && !said.includes(" ")) {
      add(said);
    }
  }
  if (alone) add("");
  return readings;
}

/** A reading of a message that waits, for one of its recipients or for all. */
function waiting(message: Fields, reason: string, recipient: string): Reading {
  const fields = message.with();
  if (recipient !== "") fields.set("to", recipient);
  return ofReason("queue_listing", reason, fields);
}

/** The lines of a listing; a reason that was broken is whole up to its last bracket. */
function* closed(lines: readonly string[]): Generator<string> {
  let at = 0;
  while (at < lines.length) {
    let line = lines[at++] ?? "";
    let said = trim(line, BLANKS);
    const isOpen = said.startsWith("(") && opened(said) > 0;
    const most = isOpen ? Math.min(at + MOST_PIECES, lines.length) : at;
    for (let last = at; last < most; last++) {
      const piece = trim(lines[last] ?? "", BLANKS);
      if (piece === "" || listedIn(piece) !== undefined) break;
      said = `${said} ${piece}`;
      if (opened(said) > 0) continue;
      line = said;
      at = last + 1;
      break;
    }
    yield line;
  }
}

/** How many brackets are open at the end of a text. */
function opened(said: string): number {
  return countOf(said, "(") - countOf(said, ")");
}

/** The fields of a message, if a line lists one. */
function listedIn(line: string): Fields | undefined {
  const words = line
    .replaceAll("\t", " ")
    .split(" ")
    .filter((word) => word !== "");
  const [id = "", size = "", from = ""] = [words[0], words[1], words[6]];
  const queueId = trimEnd(id, "*!#");
  if (words.length !== 7 || !isDigits(size)) return undefined;
  if (!isQueueId(queueId, 0, queueId.length)) return undefined;
  const fields = new Fields();
  fields.set("queue_id", queueId);
  fields.set("size", size);
  fields.set("from", from);
  return fields;
}

/** What a line of JSON carries: of the journal, of a container, or of postqueue -j. */
function json(line: string): Reading | undefined {
  if (bracketsIn(line) > MOST_BRACKETS) return undefined;
  const carried = parsed(line);
  if (carried === undefined) return undefined;
  const log = textOf(carried, "log");
  if (log !== undefined) return carrying(log);
  const tag = textOf(carried, "SYSLOG_IDENTIFIER");
  const message = textOf(carried, "MESSAGE");
  if (tag === undefined || message === undefined) return queued(carried);
  const daemon = daemonOf(tag);
  return daemon === "" ? carrying(message) : readRecord(tag, daemon, message);
}

/** What an error of a client says that a line ends with as JSON. */
function object(line: string): Reading | undefined {
  const open = line.endsWith("}") ? line.indexOf("{") : -1;
  if (open < 0) return undefined;
  const shown = line.slice(open);
  if (bracketsIn(shown) > MOST_NESTED + 1) return undefined;
  const carried = parsed(shown);
  return carried === undefined ? undefined : readObject(carried);
}

/** The object that a text of JSON is, undefined where it is none. */
function parsed(line: string): object | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  return typeof value === "object" && value !== null ? value : undefined;
}

/** How many objects and lists a text of JSON can open. */
function bracketsIn(line: string): number {
  let brackets = 0;
  for (let at = 0; at < line.length; at++) {
    const unit = line.charCodeAt(at);
    if (unit === 91 || unit === 123) brackets++;
  }
  return brackets;
}

/** A string in an object, well formed. */
function textOf(of: object, name: string): string | undefined {
  const value = valueOf(of, name);
  return typeof value === "string" ? wellFormed(value) : undefined;
}

function valueOf(of: unknown, name: string): unknown {
  return (of as Readonly<Record<string, unknown>>)[name];
}

/** What a message in JSON says, which is a line itself but no JSON. */
function carrying(message: string): Reading | undefined {
  const line = trimEnd(message, ENDS);
  return line.startsWith("{") ? undefined : ofLine(line);
}

/** What postqueue -j says of a message: why its first recipient waits. */
function queued(carried: object): Reading | undefined {
  const recipients = valueOf(carried, "recipients");
  const id = textOf(carried, "queue_id");
  if (!Array.isArray(recipients) || id === undefined) return undefined;
  const fields = new Fields();
  fields.set("queue_id", id);
  for (const [name, key] of LISTED) {
    const value = textOf(carried, name);
    if (value !== undefined) fields.set(key, value);
  }
  const size = valueOf(carried, "message_size");
  if (Number.isInteger(size) && Number(size) >= 0 && Number(size) < LARGEST) {
    fields.set("size", String(size));
  }
  for (const recipient of recipients as unknown[]) {
    if (typeof recipient !== "object" || recipient === null) continue;
    const reason = textOf(recipient, "delay_reason");
    if (reason === undefined) continue;
    const to = textOf(recipient, "address");
    if (to !== undefined) fields.set("to", to);
    return ofReason("queue_listing", reason, fields);
  }
  return new Reading("queue_listing", null, null, null, fields);
}

/** What an error of nodemailer carries: one refusal, or one of each recipient. */
function refusedBy(error: object): Reading[] {
  const several = valueOf(error, "rejectedErrors");
  const each = Array.isArray(several) ? several.filter(hasResponse) : [];
  const errors = each.length > 0 ? each : [error].filter(hasResponse);
  const lines = errors.map(responseOf);
  return errors.map((one, nth) =>
    ofError(one, nth > 0 ? lines.slice(nth, nth + 1) : lines),
  );
}

function hasResponse(error: unknown): boolean {
  if (typeof error !== "object" || error === null) return false;
  const response = valueOf(error, "response");
  return typeof response === "string" && response !== "";
}

/** A reading of an error; its own is the first of the lines, all are told. */
function ofError(error: unknown, lines: readonly string[]): Reading {
  const fields = new Fields();
  const command = valueOf(error, "command");
  if (typeof command === "string") fields.set("command", command);
  const recipient = valueOf(error, "recipient");
  const address = typeof recipient === "string" ? recipient : "";
  const found = lines.map((line) => ({ address, line }));
  return ofRefusals("client_nodemailer", found, fields);
}

/** The lines that a server sent, each with its code, or its words where it gave none. */
function responseOf(error: unknown): string {
  const said = trim(String(valueOf(error, "response")), BLANKS);
  const code = String(valueOf(error, "responseCode"));
  if (isReply(said)) return joined(said.slice(0, 3), said);
  return isReply(code) && code.length === 3 ? joined(code, said) : said;
}
