/*
 * From a delivery status notification, or a piece of one, to what it says of each
 * recipient (RFC 3464; bounce/bounce_notify_util.c). What was returned is never looked
 * at: its author chose it.
 */

import { before, behind, BLANKS, lowered, trim, trimStart } from "./cutting.ts";
import { Fields } from "./fields.ts";
import { ofReason, ofReply, Reading } from "./reading.ts";
import { addressEnd } from "./tails.ts";
import type { Kind } from "./types.ts";
import { isReply } from "./wrapped.ts";

const STATUS: ReadonlySet<string> = /* @__PURE__ */ new Set([
  "message/delivery-status",
  "message/global-delivery-status",
]);
/** What a field of a notification is called here. */
const CALLED: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  ["final-recipient", "to"],
  ["original-recipient", "orig_to"],
  ["action", "action"],
  ["status", "dsn"],
  ["remote-mta", "remote_mta"],
  ["reporting-mta", "reporting_mta"],
  ["x-postfix-queue-id", "queue_id"],
  ["x-postfix-sender", "from"],
  ["diagnostic-code", "diagnostic"],
]);
const TYPED = ["to", "orig_to", "remote_mta", "reporting_mta", "from"];
const OF_MESSAGE = ["reporting_mta", "queue_id", "from"];

/** What a notification says of each recipient; empty where it is none. */
export function readBounce(given: string): Reading[] {
  const text = given.replaceAll("\r\n", "\n");
  const parts = partsOf(text);
  if (parts.length > 0) return ofMessage(parts);
  const recipients = recipientsOf([text]);
  if (recipients.length > 0) {
    return recipients.map((fields) => ofReport("bounce_dsn", fields));
  }
  return toldTo([text]).map(({ fields, reason }) =>
    ofReason("bounce_text", reason, fields),
  );
}

/** A part of a message. */
interface Part {
  readonly type: string;
  readonly body: string;
}

/** The parts of a message before the one that was returned. */
function partsOf(text: string): Part[] {
  const head = before(text, "\n\n");
  const type = fieldsOf(head).get("content-type") ?? "";
  const at = type.indexOf("boundary=");
  if (at < 0 || !lowered(type).startsWith("multipart/report")) return [];
  const rest = type.slice(at + 9);
  const boundary = rest.startsWith('"')
    ? before(rest.slice(1), '"')
    : trim(before(rest, ";"), BLANKS);
  const body = text.slice(head.length + 2);
  const pieces = body.split(`\n--${boundary}`);
  const parts: Part[] = [];
  for (const piece of body.startsWith(`--${boundary}`)
    ? pieces
    : pieces.slice(1)) {
    const part = partOf(piece);
    if (!STATUS.has(part.type) && !part.type.startsWith("text/plain")) break;
    parts.push(part);
  }
  return parts;
}

/** What stands behind a boundary. */
function partOf(piece: string): Part {
  const head = behind(before(piece, "\n\n"), "\n");
  const type = fieldsOf(head).get("content-type") ?? "text/plain";
  return {
    type: lowered(trim(before(type, ";"), BLANKS)),
    body: behind(piece, "\n\n"),
  };
}

/** The fields of a block by name in lower case, unfolded; the first of a name counts. */
function fieldsOf(block: string): Map<string, string> {
  const found = new Map<string, string[]>();
  let pieces: string[] = [];
  for (const line of block.split("\n")) {
    if (line.startsWith(" ") || line.startsWith("\t")) {
      pieces.push(trim(line, BLANKS));
      continue;
    }
    const colon = line.indexOf(":");
    pieces = [];
    if (colon < 0) continue;
    pieces.push(trim(line.slice(colon + 1), BLANKS));
    const name = trim(line.slice(0, colon), BLANKS);
    const key = lowered(name).replaceAll(" ", "-");
    if (!found.has(key)) found.set(key, pieces);
  }
  const fields = new Map<string, string>();
  for (const [name, said] of found) fields.set(name, said.join(" "));
  return fields;
}

/** The fields of each recipient, with those of the message. */
function recipientsOf(texts: readonly string[]): Fields[] {
  const recipients: Fields[] = [];
  let message = new Fields();
  for (const text of texts) {
    for (const block of text.split("\n\n")) {
      const fields = named(fieldsOf(block));
      if (fields.has("reporting_mta") && !fields.has("to")) {
        message = fields.only(OF_MESSAGE);
      } else if (isRecipient(fields)) {
        recipients.push(message.with(fields));
      }
    }
  }
  return recipients;
}

function isRecipient(fields: Fields): boolean {
  return fields.has("diagnostic") || (fields.has("to") && fields.has("action"));
}

/** The fields that are known, as they are called here. */
function named(fields: ReadonlyMap<string, string>): Fields {
  const found = new Fields();
  for (const [name, value] of fields) {
    const key = CALLED.get(name);
    if (key === undefined) continue;
    const typed = TYPED.includes(key) && value.includes(";");
    const worth = typed ? trim(behind(value, ";"), BLANKS) : value;
    found.set(key, key === "action" ? lowered(worth) : worth);
  }
  return found;
}

/** A reading of a recipient's fields, and of what people are told, if that is there. */
function ofReport(kind: Kind, about: Fields, reason?: string): Reading {
  const diagnostic = about.get("diagnostic") ?? "";
  const fields = about.without(["diagnostic"]);
  const said = trim(behind(diagnostic, ";"), BLANKS);
  if (diagnostic.includes(";")) {
    const type = lowered(trim(before(diagnostic, ";"), BLANKS));
    fields.set("diagnostic_type", type);
  }
  if (reason !== undefined) return ofReason(kind, reason, fields);
  const type = fields.get("diagnostic_type");
  if (type === "smtp" && isReply(said)) {
    return ofReply(kind, "remote", said, fields);
  }
  if (type === "x-unix")
    return new Reading(kind, "command", null, said, fields);
  if (said !== "") return ofReason(kind, said, fields);
  return new Reading(kind, "delivery", null, null, fields);
}

/** Readings of a whole notification: what programs and people are told of each recipient. */
function ofMessage(parts: readonly Part[]): Reading[] {
  const reports = parts.filter(({ type }) => STATUS.has(type));
  const first = parts.slice(0, 1).filter(({ type }) => !STATUS.has(type));
  const people = toldTo(first.map(({ body }) => body));
  const reasons = new Map<string, string>();
  for (const { fields, reason } of people) {
    const to = fields.get("to") ?? "";
    if (!reasons.has(to)) reasons.set(to, reason);
  }
  const recipients = recipientsOf(reports.map(({ body }) => body));
  if (recipients.length === 0) {
    return people.map(({ fields, reason }) =>
      ofReason("bounce_message", reason, fields),
    );
  }
  return recipients.map((fields) =>
    ofReport("bounce_message", fields, reasons.get(fields.get("to") ?? "")),
  );
}

/** What people are told of a recipient. */
interface Told {
  readonly fields: Fields;
  readonly reason: string;
}

/** What people are told: `<recipient>: reason`, folded. */
function toldTo(texts: readonly string[]): Told[] {
  const told: Told[] = [];
  for (const text of texts) {
    for (const block of text.split("\n\n")) {
      const one = toldIn(block);
      if (one !== undefined) told.push(one);
    }
  }
  return told;
}

function toldIn(block: string): Told | undefined {
  if (!trimStart(block, "\n").startsWith("<")) return undefined;
  const pieces = trim(block, "\n").split("\n");
  const line = pieces.map((piece) => trim(piece, BLANKS)).join(" ");
  const end = addressEnd(line, 1);
  if (end < 0) return undefined;
  const fields = new Fields();
  fields.set("to", line.slice(1, end));
  let rest = line.slice(end + 1);
  if (rest.startsWith(" (expanded from <")) {
    const stop = addressEnd(rest, 17);
    if (stop < 0) return undefined;
    fields.set("orig_to", rest.slice(17, stop));
    rest = rest.slice(stop + 2);
  }
  return rest.startsWith(": ") ? { fields, reason: rest.slice(2) } : undefined;
}
