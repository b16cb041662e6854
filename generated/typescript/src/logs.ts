/*
 * From a line of a mail log to what it says.
 *
 * Peeled from the left, where nothing hostile stands: what carries the line, how grave
 * it is, the queue id, then a wrapper of the catalog. Carriers are code, since they are
 * told apart by nothing but where the tag of Postfix is: name/program[pid]
 * (global/mail_task.c:mail_task).
 */

import {
  before,
  behind,
  behindLast,
  isDigits,
  isLetter,
  trimEnd,
  trimStart,
} from "./cutting.ts";
import { Fields } from "./fields.ts";
import { ofReason, ofReply, Reading } from "./reading.ts";
import { addressEnd, cutCheck, cutClient } from "./tails.ts";
import { quoted } from "./told.ts";
import type { Speaker } from "./types.ts";
import { clients, filled, isReply, pairs } from "./wrapped.ts";
import { LOGS, PROGRAMS } from "./wrappers.ts";
import type { Wrapping } from "./wrappings.ts";

const SEVERITIES: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "warning",
  "error",
  "fatal",
  "panic",
]);
/** Characters of a queue id (global/mail_queue.h). */
const SHORTEST = 6;
/** How many words may stand before the tag. */
const WORDS = 16;
const DELIVERING: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "bounce",
  "cleanup",
  "discard",
  "error",
  "lmtp",
  "local",
  "nqmgr",
  "oqmgr",
  "pipe",
  "qmgr",
  "smtp",
  "virtual",
]);
/** Without a tag, a line can be one of these programs; without a queue id too, of these two. */
const ANY = ["smtpd", "postscreen", "cleanup", "qmgr", "smtp"];
const UNQUEUED = ["smtpd", "postscreen"];
/** How the end of a delivery line can begin. */
const PIECES = [
  "to=<",
  "relay=",
  "conn_use=",
  "delay=",
  "delays=",
  "tls=",
  "dsn=",
  "status=",
];
const NONE: readonly string[] = [];
const LOST: readonly string[] = ["words"];

/** What a line of a log says, undefined if it is no line of Postfix. */
export function readLog(line: string): Reading | undefined {
  // Of a carrier: a record has none.
  if (line.includes("\t")) line = line.replaceAll("\t", " ");
  const close = line.indexOf("]: ");
  const end = close < 0 ? line.length : close;
  const tag = tagBefore(line, end);
  const daemon = daemonOf(tag);
  const colon = line.indexOf(": ");
  if (daemon !== "" && (colon < 0 || colon >= end)) {
    return readRecord(tag, daemon, textBehind(line, close));
  }
  const tagged = tagIn(line);
  if (tagged === undefined) return untagged(line);
  return readRecord(tagged.tag, daemonOf(tagged.tag), tagged.text);
}

/** The last word before a place, as far as a bracket. */
function tagBefore(line: string, end: number): string {
  const start = end > 0 ? line.lastIndexOf(" ", end - 1) + 1 : 0;
  const open = line.indexOf("[", start);
  return line.slice(start, open < 0 || open > end ? end : open);
}

/** What stands behind the `]: ` at a place, without what Solaris adds. */
function textBehind(line: string, close: number): string {
  if (close < 0) return "";
  const at = close + 3;
  if (!line.startsWith("[ID ", at)) return line.slice(at);
  const end = line.indexOf("] ", at);
  return end < 0 ? "" : line.slice(end + 2);
}

/** The program of a tag, which is name/program; else nothing. */
export function daemonOf(tag: string): string {
  const slash = tag.lastIndexOf("/");
  if (slash <= 0) return "";
  const daemon = tag.slice(slash + 1);
  return PROGRAMS.has(daemon) ? daemon : "";
}

interface Tagged {
  readonly tag: string;
  readonly text: string;
}

/** The tag and the text behind it, wherever among the first words it stands. */
function tagIn(line: string): Tagged | undefined {
  let at = 0;
  for (let nth = 0; nth < WORDS; nth++) {
    const end = line.indexOf(" ", at);
    if (end < 0) return undefined;
    const ending = line.charAt(end - 1);
    const tag = tagOf(line.slice(at, end));
    if (tag !== "") {
      const rest = line.slice(end + 1);
      // RFC 5424
      if (isDigits(before(rest, " - - "))) {
        return { tag, text: behind(rest, " - - ") };
      }
      if (ending === ":" || ending === "]") return { tag, text: rest };
    }
    // What follows was said by somebody.
    if (end > at && ending === ":") return undefined;
    at = end + 1;
  }
  return undefined;
}

/** The tag that a word is: name/program, perhaps with a pid, a colon, brackets; else nothing. */
function tagOf(word: string): string {
  const bare = trimEnd(trimEnd(word, ":"), "]");
  const tag = before(bare, "[") || trimStart(bare, "[");
  const last = behindLast(tag, ":");
  return daemonOf(last) === "" ? "" : last;
}

/** What a program of Postfix logged. */
export function readRecord(tag: string, daemon: string, text: string): Reading {
  const fields = new Fields();
  fields.set("tag", tag);
  fields.set("daemon", daemon);
  const peeled = peel(text, fields);
  return (
    wrapped(daemon, peeled, fields) ??
    delivered(daemon, peeled, fields) ??
    new Reading("daemon", null, null, null, fields)
  );
}

/** What a record says of a recipient, or of a server on the way. */
function delivered(
  daemon: string,
  text: string,
  fields: Fields,
): Reading | undefined {
  if (!DELIVERING.has(daemon)) return undefined;
  if (fields.has("queue_id")) return delivery(daemon, text, fields);
  return sending(daemon, text, fields);
}

/** What a line says of which the tag was lost. */
function untagged(line: string): Reading | undefined {
  if (!line.includes("[") && !line.includes(": ")) return undefined;
  let at = 0;
  for (let nth = 0; nth < WORDS; nth++) {
    const fields = new Fields();
    const text = peel(line.slice(at), fields);
    const reading = ofAny(text, fields);
    if (reading !== undefined) return reading;
    if (fields.has("queue_id") && text.startsWith("to=<")) {
      return delivery("", text, fields);
    }
    const end = line.indexOf(" ", at);
    // Behind a colon follows what was said by somebody.
    if (end < 0 || line.charAt(end - 1) === ":") return undefined;
    at = end + 1;
  }
  return undefined;
}

/** What a record says of which the program is not known. */
function ofAny(text: string, fields: Fields): Reading | undefined {
  const queued = fields.has("queue_id");
  for (const daemon of queued ? ANY : UNQUEUED) {
    const found = fields.with();
    const reading = wrapped(daemon, text, found);
    if (reading === undefined) continue;
    const known = found.has("client_address");
    const named = daemon !== "smtpd" || found.has("client_name");
    if (known ? named : queued) return reading;
  }
  return undefined;
}

/** A text without severity and queue id; adds the two. */
function peel(text: string, fields: Fields): string {
  let colon = text.indexOf(": ");
  let start = 0;
  if (colon === 7 || colon === 5) {
    const word = text.slice(0, colon);
    if (SEVERITIES.has(word)) {
      fields.set("severity", word);
      start = colon + 2;
      colon = text.indexOf(": ", start);
    }
  }
  if (colon >= 0 && isQueueId(text, start, colon)) {
    fields.set("queue_id", text.slice(start, colon));
    start = colon + 2;
  }
  return start > 0 ? text.slice(start) : text;
}

/** Whether a word of a text can be the name of a message in the queue, or stands for none. */
export function isQueueId(text: string, start: number, end: number): boolean {
  if (end - start < SHORTEST) return false;
  let digits = 0;
  for (let at = start; at < end; at++) {
    const unit = text.charCodeAt(at);
    if (unit >= 48 && unit <= 57) digits++;
    else if (!isLetter(unit)) return false;
  }
  // One without any digit cannot be told from a word.
  return digits > 0 || text.slice(start, end) === "NOQUEUE";
}

/** What a record says that is one of the wrappers of its program. */
function wrapped(
  daemon: string,
  text: string,
  fields: Fields,
): Reading | undefined {
  const heads = TABLE.get(daemon);
  if (heads === undefined) return undefined;
  for (const { length, wrappings } of heads) {
    for (const wrapping of wrappings.get(headOf(text, length)) ?? []) {
      if (!text.startsWith(wrapping.lead)) continue;
      const reading = unwrapped(wrapping, text, fields);
      if (reading !== undefined) return reading;
    }
  }
  return undefined;
}

/** What is said in a wrapper, undefined where the text is not it. */
function unwrapped(
  wrapping: Wrapping,
  text: string,
  fields: Fields,
): Reading | undefined {
  const { lead, holes, tail } = wrapping;
  const found = new Fields();
  const said = filled(holes, text, lead.length, found);
  if (said === undefined) return undefined;
  if (tail === "check") return checked(wrapping, found, fields);
  if (tail === "client") {
    const cut = cutClient(said, found.get("stage") ?? "");
    cut.fields.add(found);
    fields.addNew(cut.fields);
    return saidIn(wrapping, cut.said, fields, cut.unsure);
  }
  fields.addNew(found);
  return saidIn(wrapping, said, fields, NONE);
}

/** A reading of what is said in a wrapper; adds the fields that it implies. */
function saidIn(
  { kind, speaker, own, words, fields: implied }: Wrapping,
  said: string,
  fields: Fields,
  unsure: readonly string[],
): Reading {
  imply(implied, fields);
  if (words === null && said === "") {
    return new Reading(kind, speaker, null, null, fields);
  }
  if (words !== null || !isReply(said)) {
    return new Reading(kind, speaker, null, words || said, fields, unsure);
  }
  const speaks: Speaker | null = own.some((one) => said.endsWith(one))
    ? "smtpd"
    : speaker;
  return ofReply(kind, speaks, said, fields, null, unsure);
}

/** A reading of what a check of cleanup found. */
function checked(
  { kind, speaker, fields: implied }: Wrapping,
  found: Fields,
  fields: Fields,
): Reading | undefined {
  const cut = cutCheck(found.get("content") ?? "");
  if (cut === undefined) return undefined;
  found.set("content", cut.content);
  clients(cut.origin, found);
  imply(implied, fields);
  fields.add(found);
  fields.add(cut.fields);
  return new Reading(kind, speaker, null, cut.said || null, fields);
}

function imply(
  implied: Readonly<Record<string, string>>,
  fields: Fields,
): void {
  for (const name in implied) fields.set(name, implied[name] ?? "");
}

/** What became of a recipient (global/log_adhoc.c:log_adhoc), or of a server on the way. */
function delivery(
  daemon: string,
  text: string,
  fields: Fields,
): Reading | undefined {
  let end = 0;
  if (text.startsWith("to=<")) {
    end = address(text, 4, "to", fields);
    if (end >= 0 && text.startsWith(", orig_to=<", end)) {
      end = address(text, end + 11, "orig_to", fields);
    }
    if (end < 0) return undefined;
  } else if (!text.startsWith("status=")) {
    return sending(daemon, text, fields);
  }
  return became(daemon, text.slice(end), fields);
}

/** The same from behind the recipient on. */
function became(daemon: string, text: string, fields: Fields): Reading {
  const open = text.indexOf(" (");
  pairs(open < 0 ? text : text.slice(0, open), fields);
  const closed = open >= 0 && text.endsWith(")");
  const unsure = closed ? NONE : LOST;
  const reason =
    open < 0 ? "" : text.slice(open + 2, text.length - (closed ? 1 : 0));
  const relay = fields.get("relay") ?? "";
  const sent = isSending(daemon) || daemon === "";
  if (!sent || !isReply(reason) || !relay.includes("[")) {
    return ofReason("delivery", reason, fields, unsure);
  }
  fields.set("remote", `${before(relay, "]")}]`);
  return ofReply("delivery", "remote", reason, fields, reason, unsure);
}

/** What the end of a delivery line says, from a recipient or a field on. */
export function readEnd(text: string): Reading | undefined {
  const begins = PIECES.some((piece) => text.startsWith(piece));
  if (!begins || !before(text, " (").includes("status=")) return undefined;
  if (text.startsWith("to=<")) return delivery("", text, new Fields());
  return became("", text, new Fields());
}

/** What became of a server on the way; a warning only where the server is quoted. */
function sending(
  daemon: string,
  text: string,
  fields: Fields,
): Reading | undefined {
  if (!isSending(daemon)) return undefined;
  const told = fields.has("queue_id") || text.startsWith("connect to ");
  const plain = told && !fields.has("severity");
  if (!plain && quoted(text) === undefined) return undefined;
  return ofReason("delivery_info", text, fields);
}

/** Whether a program talks to other servers. */
function isSending(daemon: string): boolean {
  return daemon === "smtp" || daemon === "lmtp";
}

/** Adds the address in brackets that begins at a place; where what follows begins, or -1. */
function address(
  text: string,
  at: number,
  name: string,
  fields: Fields,
): number {
  let end = addressEnd(text, at);
  // Not quoted before 3.5.
  if (end < 0) end = text.indexOf(">, ", at);
  if (end < 0) return -1;
  fields.set(name, text.slice(at, end));
  return end + 1;
}

/** Wrappers by the first characters of their leads. */
interface Heads {
  readonly length: number;
  readonly wrappings: Map<number, Wrapping[]>;
}

/** A number for the first characters of a text; others may share it. */
function headOf(text: string, length: number): number {
  let head = 0;
  for (let at = 0; at < length; at++) head = (head << 7) ^ text.charCodeAt(at);
  return head;
}

const TABLE: ReadonlyMap<string, readonly Heads[]> = /* @__PURE__ */ load();

function load(): Map<string, Heads[]> {
  const table = new Map<string, Heads[]>();
  for (const wrapping of LOGS) {
    for (const daemon of wrapping.daemons) {
      let heads = table.get(daemon);
      if (heads === undefined) {
        heads = [4, 2, 0].map((length) => ({ length, wrappings: new Map() }));
        table.set(daemon, heads);
      }
      addTo(heads, wrapping);
    }
  }
  return table;
}

function addTo(heads: readonly Heads[], wrapping: Wrapping): void {
  const { lead } = wrapping;
  const fitting = heads.find(({ length }) => length <= lead.length);
  if (fitting === undefined) return;
  const head = headOf(lead, fitting.length);
  const rows = fitting.wrappings.get(head);
  if (rows === undefined) fitting.wrappings.set(head, [wrapping]);
  else rows.push(wrapping);
}
