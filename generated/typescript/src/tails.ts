/*
 * What stands behind a reply in a log line: who the client is, from the right.
 *
 * A log tail is code and no data of the catalog, since it is found from its end: what
 * a client wrote into a sender or a HELO name looks like a tail too, and Postfix quotes
 * it (smtpd/smtpd_check.c:log_whatsup, postscreen/postscreen_smtpd.c:psc_rcpt_cmd,
 * cleanup/cleanup_message.c:cleanup_act_log).
 */

import { Fields } from "./fields.ts";

/** The fields of a tail and where it ends. */
interface Tail {
  readonly fields: Fields;
  readonly end: number;
}

/** A reply without its tail, the fields of the tail, and those that are not sure. */
export interface Cut {
  readonly said: string;
  readonly fields: Fields;
  readonly unsure: readonly string[];
}

/** What a check of cleanup found, where from, what it says about it, and the fields. */
export interface Checked {
  readonly content: string;
  readonly origin: string;
  readonly said: string;
  readonly fields: Fields;
}

/** Where a tail begins that goes to the end, and its fields. */
interface Place {
  readonly at: number;
  readonly fields: Fields;
}

const KEYS = [
  "from",
  "to",
  "proto",
  "helo",
  "sasl_method",
  "sasl_username",
  "sasl_sender",
];
const NOT_HELO = ' <>()\\";@';
const NONE: readonly string[] = [];

/** A reply without its tail, the fields of the tail, and those that are not sure. */
export function cutClient(said: string, stage: string): Cut {
  if (stage === "HELO" || stage === "EHLO") return cutRaw(said);
  let found = rightmost(said, said.length);
  if (found === undefined) return cutLoosely(said);
  // A login name is logged as it is, so it can hold what looks like a tail.
  let unsure = NONE;
  const login = said.indexOf(" sasl_username=");
  if (login >= 0 && login + 15 <= found.at) {
    const other = rightmost(said, found.at);
    if (other !== undefined && other.fields.has("sasl_username")) {
      unsure = ["line", ...other.fields.entries().keys()];
      found = other;
    }
  }
  const { at, fields } = found;
  const named = fields.get("sasl_username");
  if (named !== undefined && named.includes(" ") && fields.has("sasl_sender")) {
    if (unsure === NONE) unsure = ["sasl_username", "sasl_sender"];
  }
  return { said: said.slice(0, at), fields, unsure };
}

/** The last `;` before a place behind which all is a tail. */
function rightmost(said: string, end: number): Place | undefined {
  let before = end;
  while (before >= 2) {
    const at = said.lastIndexOf("; ", before - 2);
    if (at < 0) return undefined;
    const tail = run(said, at + 2);
    if (tail !== undefined && tail.end === said.length) {
      return { at, fields: tail.fields };
    }
    before = at;
  }
  return undefined;
}

/** The same at HELO, where the name is logged as the client wrote it. */
function cutRaw(said: string): Cut {
  const at = said.indexOf("; proto=");
  if (at < 0) return uncut(said);
  const fields = new Fields();
  const helo = said.indexOf(" helo=<", at + 8);
  fields.set("proto", said.slice(at + 8, helo < 0 ? said.length : helo));
  if (helo >= 0) {
    const end = said.length - (said.endsWith(">") ? 1 : 0);
    fields.set("helo", said.slice(helo + 7, end));
  }
  const more = said.indexOf("; proto=", at + 1) >= 0;
  return {
    said: said.slice(0, at),
    fields,
    unsure: more ? ["line", "helo"] : NONE,
  };
}

/** The same before Postfix 3.5, which did not quote: more than one way can be right. */
function cutLoosely(said: string): Cut {
  const at = said.lastIndexOf("; from=<");
  if (at < 0) return uncut(said);
  const proto = said.lastIndexOf("> proto=");
  if (proto < at) return uncut(said);
  const rest = run(said, proto + 2);
  if (rest === undefined || rest.end !== said.length) return uncut(said);
  const between = said.slice(at + 8, proto);
  const split = between.lastIndexOf("> to=<");
  const fields = new Fields();
  fields.set("from", split < 0 ? between : between.slice(0, split));
  fields.add(rest.fields);
  const unsure = ["from"];
  if (split >= 0) {
    fields.set("to", between.slice(split + 6));
    unsure.push("to");
  }
  if (said.indexOf("; from=<") !== at) unsure.unshift("line");
  return { said: said.slice(0, at), fields, unsure };
}

/** Without the `;` of which the tail was lost. */
function uncut(said: string): Cut {
  const marked = said.endsWith(";");
  return {
    said: marked ? said.slice(0, -1) : said,
    fields: new Fields(),
    unsure: NONE,
  };
}

/** The fields that begin at a place: name=value or name=<value>, each once and in order. */
function run(text: string, start: number): Tail | undefined {
  let last = keyAt(text, start, 0);
  if (last < 0) return undefined;
  const fields = new Fields();
  let at = start;
  while (true) {
    const key = KEYS[last] ?? "";
    at += key.length + 1;
    const opened = text.charCodeAt(at) === 60;
    const end = opened ? bracketed(text, at, key) : bare(text, at, key);
    if (end < 0) return undefined;
    fields.set(key, text.slice(opened ? at + 1 : at, end));
    at = opened ? end + 1 : end;
    const unit = text.charCodeAt(at);
    if (unit === 32) at += 1;
    else if (unit === 44 && text.charCodeAt(at + 1) === 32) at += 2;
    else return { fields, end: at };
    last = keyAt(text, at, last + 1);
    if (last < 0) return undefined;
  }
}

/** Which key stands at a place, of those from one on; else -1. */
function keyAt(text: string, at: number, first: number): number {
  for (let place = first; place < KEYS.length; place++) {
    const key = KEYS[place] ?? "";
    if (!text.startsWith(key, at)) continue;
    const end = at + key.length;
    if (end === text.length || text.charCodeAt(end) === 61) return place;
  }
  return -1;
}

function isAddress(key: string): boolean {
  return key === "from" || key === "to";
}

/** Where a value in brackets ends that opens at a place, else -1. */
function bracketed(text: string, at: number, key: string): number {
  return isAddress(key) ? addressEnd(text, at + 1) : nameEnd(text, at);
}

/** Where a value without brackets ends, else -1. */
function bare(text: string, at: number, key: string): number {
  if (key === "sasl_username") return loginEnd(text, at);
  if (isAddress(key)) return -1;
  let end = at;
  while (end < text.length && !" ,;:".includes(text.charAt(end))) end++;
  return end > at ? end : -1;
}

/** Where a login name ends, which is logged as it is. */
function loginEnd(text: string, at: number): number {
  const end = text.lastIndexOf(" sasl_sender=");
  return end < at || text.includes(" ", end + 1) ? text.length : end;
}

/** Where `<name>` ends: a HELO name or a login name of a milter's line; else -1. */
function nameEnd(text: string, at: number): number {
  // Postscreen logs the word as it is, to the end of the line.
  if (text.endsWith(">") && !text.includes(" ", at)) return text.length - 1;
  for (let end = at + 1; end < text.length; end++) {
    const char = text.charAt(end);
    if (char === ">") return end;
    if (NOT_HELO.includes(char)) return -1;
  }
  return -1;
}

/** Where the `>` behind an address is: what stands in its quotes counts for nothing. Else -1. */
export function addressEnd(text: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 62) return at;
    if (unit === 34) {
      at = quoteEnd(text, at + 1);
      if (at < 0) return -1;
    } else if (unit === 60 || unit === 59 || unit === 32) {
      return -1;
    }
  }
  return -1;
}

/** Where the quote ends in which a place is, else -1. */
function quoteEnd(text: string, start: number): number {
  for (let at = start; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 34) return at;
    if (unit === 92) at++;
  }
  return -1;
}

/**
 * What a check of cleanup found, where from, what it says about it, and the fields.
 *
 * The tail is the last ` from ...;` that is one, since what was found can hold another.
 */
export function cutCheck(content: string): Checked | undefined {
  let before = content.length;
  while (before >= 6) {
    const at = content.lastIndexOf(" from ", before - 6);
    if (at < 0) return undefined;
    const checked = checkedAt(content, at);
    if (checked !== undefined) return checked;
    before = at;
  }
  return undefined;
}

/** The same, where it is known where the tail begins. */
function checkedAt(content: string, at: number): Checked | undefined {
  const stop = content.indexOf(";", at + 6);
  if (stop < 0) return undefined;
  const space = content.indexOf(" ", at + 6);
  if (space >= 0 && space < stop) return undefined;
  let end = stop + 1;
  let fields = new Fields();
  if (content.charCodeAt(end) === 32) {
    const tail = run(content, end + 1);
    if (tail === undefined) return undefined;
    ({ fields, end } = tail);
  }
  const whole = end === content.length;
  if (!whole && !content.startsWith(": ", end)) return undefined;
  return {
    content: content.slice(0, at),
    origin: content.slice(at + 6, stop),
    said: whole ? "" : content.slice(end + 2),
    fields,
  };
}
