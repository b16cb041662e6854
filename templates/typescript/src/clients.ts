/*
 * From what an SMTP client threw or showed to what the server said.
 *
 * String literals of Python, JavaScript and Go are code: a wrapper says where a literal
 * begins, not where it ends.
 */

import { before, behind, BLANKS, isLetter, trim, trimEnd } from "./cutting.ts";
import { Fields } from "./fields.ts";
import { codeOf, decoded, identify, isEnhanced } from "./identify.ts";
import { ofReply, ofSaid, Reading } from "./reading.ts";
import type { Kind } from "./types.ts";
import { filled, firstLineOf, isReply } from "./wrapped.ts";
import { EXCEPTIONS } from "./wrappers.ts";
import type { Hole } from "./texts.ts";
import type { Wrapping } from "./wrappings.ts";

/** An address or nothing, and what was said to it, its lines with their codes. */
export interface Refusal {
  readonly address: string;
  readonly line: string;
}

const ESCAPES: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
]);
const QUOTES = "'\"";
/** What closes what a reply stands in. */
const CLOSING: ReadonlyMap<string, string> = /* @__PURE__ */ new Map([
  ["(", ")"],
  ["'", "'"],
  ['"', '"'],
]);
/** Lines of an error; the trace may be longer. */
const LINES = 200;
/** At how many places of a text words alone are looked for. */
const PLACES = 8;
const NONE: readonly string[] = [];
/** Second digits of codes about logins and mail, hardly of HTTP. */
const OF_MAIL = ["3", "5"];
/** What can follow the error that ends a line. */
const ENDING = "\n\r\"')]},.;";
const DIGITS = "0123456789";
/** Characters of a literal that says nothing at the beginning of a line. */
const SHORT = 4;
/** How deep JSON is looked into. */
const DEEPEST = 6;
/** What aiosmtplib shows of a response. */
const RESPONSE = "SMTPResponse";
const CODE = "(code=";
const MESSAGE = ", message=";
const ESCAPED = "\\x";
const HEX = "0123456789abcdef";
const STRICT = /* @__PURE__ */ new TextDecoder("utf-8", {
  fatal: true,
  ignoreBOM: true,
});

/** What a client's error says, undefined if it is none that is known. */
export function readClient(given: string): Reading | undefined {
  const text = given.split("\n", LINES).join("\n");
  if (before(text, " ").includes("=")) {
    return firstOf(valuesIn(text)) ?? firstOf([text]);
  }
  return firstOf([text]) ?? firstOf(valuesIn(text));
}

/** What an error says of which JSON carries the properties or the texts. */
export function readObject(carried: unknown): Reading | undefined {
  const texts: string[] = [];
  return properties(carried, texts, DEEPEST) ?? firstOf(texts);
}

/** An error of net/textproto that is the whole text, undefined if it is none. */
export function readQuoted(text: string): Reading | undefined {
  if (!text.startsWith(' "', 3)) return undefined;
  const { said, end } = literal(text, 4);
  if (end === 0 || end < text.length) return undefined;
  return ofTextproto(text.slice(0, 3), said);
}

/** A text of which each lone surrogate is U+FFFD, as the other languages have it. */
export function wellFormed(text: string): string {
  return decoded(new TextEncoder().encode(text));
}

/** The first of some texts that shows the codes of a reply, else that has its words. */
function firstOf(texts: readonly string[]): Reading | undefined {
  return firstBy(shown, texts) ?? firstBy(worded, texts);
}

function firstBy(
  reading: (text: string) => Reading | undefined,
  texts: readonly string[],
): Reading | undefined {
  for (const text of texts) {
    const found = reading(text);
    if (found !== undefined) return found;
  }
  return undefined;
}

function shown(text: string): Reading | undefined {
  return python(text) ?? wrapped(text) ?? go(text) ?? elsewhere(text);
}

/** The values in quotes among `key=value`, as loggers of Go write it. */
function valuesIn(text: string): string[] {
  const values: string[] = [];
  let at = text.indexOf('="');
  while (at >= 0) {
    const { said, end } = literal(text, at + 1);
    if (end === 0) break;
    values.push(said);
    at = text.indexOf('="', end);
  }
  return values;
}

/** An error of nodemailer in what JSON carries; the texts there, of two words, are added. */
function properties(
  carried: unknown,
  texts: string[],
  depth: number,
): Reading | undefined {
  if (typeof carried === "string") {
    if (carried.includes(" ")) texts.push(wellFormed(carried));
    return undefined;
  }
  if (depth === 0 || typeof carried !== "object" || carried === null) {
    return undefined;
  }
  const error = Array.isArray(carried) ? undefined : ofProperties(carried);
  if (error !== undefined) return error;
  for (const one of inside(carried)) {
    const found = properties(one, texts, depth - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The error of nodemailer that an object is, undefined if it is none. */
function ofProperties(carried: object): Reading | undefined {
  const { response, command } = carried as Readonly<Record<string, unknown>>;
  if (!("responseCode" in carried) || typeof response !== "string") {
    return undefined;
  }
  if (!isReply(response)) return undefined;
  const fields = new Fields();
  if (typeof command === "string") fields.set("command", wellFormed(command));
  return ofSaid("client_nodemailer", "server", wellFormed(response), fields);
}

/** What is in a list, or in an object by its names in order. */
function inside(carried: object): readonly unknown[] {
  if (Array.isArray(carried)) return carried as readonly unknown[];
  const by = carried as Readonly<Record<string, unknown>>;
  return Object.keys(by)
    .sort(byCodePoint)
    .map((name) => by[name]);
}

/** In which order two texts are by their characters, which are not always UTF-16 units. */
function byCodePoint(one: string, other: string): number {
  let at = 0;
  while (true) {
    const point = one.codePointAt(at) ?? -1;
    const compared = point - (other.codePointAt(at) ?? -1);
    if (compared !== 0 || point < 0) return compared;
    at += point > 0xffff ? 2 : 1;
  }
}

/** An exception of smtplib or aiosmtplib: (code, text), one or several. */
function python(text: string): Reading | undefined {
  const named = text.includes("SMTP") || text.includes("smtp");
  const found = refusals(text).filter(
    ({ address, line }) => named || address.includes("@") || isOfSmtp(line),
  );
  if (found.length === 0) return undefined;
  return ofRefusals(
    isAio(text) ? "client_aiosmtplib" : "client_smtplib",
    found,
  );
}

/** Whether an exception is of aiosmtplib; that of smtplib has bytes, since Python 3. */
function isAio(text: string): boolean {
  if (text.includes("aiosmtplib") || text.includes("SMTPRecipientRefused(")) {
    return true;
  }
  return !["smtplib", ", b'", ', b"'].some((one) => text.includes(one));
}

/** A reading of refusals as a client keeps them: the first counts, all are told. */
export function ofRefusals(
  kind: Kind,
  found: readonly Refusal[],
  fields: Fields = new Fields(),
): Reading {
  const { address, line } = found[0] ?? { address: "", line: "" };
  if (address !== "") fields.set("to", address);
  const said = firstLineOf(line);
  const lines = found.length > 1 ? found.map((one) => one.line) : NONE;
  const hasCode = isReply(before(line, "\n"));
  const [reply, words] = hasCode ? [line, null] : [null, line];
  return new Reading(kind, "server", reply, words, fields, NONE, said, lines);
}

/** Every `(code, literal` of a text, with the literal before or behind it, if one is there. */
function refusals(text: string): Refusal[] {
  const found: Refusal[] = [];
  let at = text.indexOf("(");
  while (at >= 0) {
    const named = text.startsWith(CODE, at);
    const start = at + (named ? CODE.length : 1);
    const { said, end } = literalIn(text, start, named ? MESSAGE : ", ");
    if (end > 0) {
      const line = joined(text.slice(start, start + 3), said);
      found.push({ address: subject(text, at, end), line });
      at = end;
    }
    at = text.indexOf("(", at + 1);
  }
  return found;
}

/** The literal behind a code and what separates the two. */
function literalIn(text: string, code: number, between: string): Literal {
  if (!text.startsWith(between, code + 3)) return NOTHING;
  if (codeOf(text.slice(code, code + 3)) === 0) return NOTHING;
  return literal(text, code + 3 + between.length);
}

/** The address of a refusal: the key of a dictionary, or the last argument. */
function subject(text: string, open: number, end: number): string {
  const at = endsAt(text, RESPONSE, open) ? open - RESPONSE.length : open;
  const quote = at > 2 ? text.charAt(at - 3) : "";
  if (quote !== "" && QUOTES.includes(quote) && text.startsWith(": ", at - 2)) {
    const start = at > 3 ? text.lastIndexOf(quote, at - 4) : -1;
    return text.slice(start + 1, at - 3);
  }
  if (!endsAt(text, "SMTPRecipientRefused", at)) return "";
  return text.startsWith(", ", end) ? literal(text, end + 2).said : "";
}

/** Whether a piece of a text ends at a place. */
function endsAt(text: string, piece: string, at: number): boolean {
  return at >= piece.length && text.startsWith(piece, at - piece.length);
}

/** What a literal stands for, and where it ends; 0 where there is none. */
interface Literal {
  readonly said: string;
  readonly end: number;
}

const NOTHING: Literal = { said: "", end: 0 };

/** The string that a literal of Python, JavaScript or Go is, and where it ends; else 0. */
export function literal(text: string, start: number): Literal {
  const octets = text.startsWith("b", start);
  const marked = octets || text.startsWith("u", start);
  let at = marked ? start + 1 : start;
  const quote = text.charCodeAt(at);
  if (quote !== 39 && quote !== 34) return NOTHING;
  let said = "";
  let from = ++at;
  while (at < text.length) {
    const unit = text.charCodeAt(at);
    if (unit === quote) {
      return { said: said + text.slice(from, at), end: at + 1 };
    }
    if (octets && text.startsWith(ESCAPED, at)) {
      const { said: more, end } = utf8(text, at);
      said += text.slice(from, at) + more;
      from = at = end;
    } else if (unit === 92) {
      const escape = text.charAt(at + 1);
      said += text.slice(from, at) + (ESCAPES.get(escape) ?? escape);
      at += 2;
      from = at;
    } else {
      at++;
    }
  }
  return NOTHING;
}

/** What a run of escapes such as `\xc3` says in UTF-8, else itself; and where it ends. */
function utf8(text: string, at: number): Literal {
  const octets: number[] = [];
  let end = at;
  while (text.startsWith(ESCAPED, end)) {
    const high = HEX.indexOf(text.charAt(end + 2) || " ");
    const low = HEX.indexOf(text.charAt(end + 3) || " ");
    if (high < 0 || low < 0) break;
    octets.push(high * 16 + low);
    end += 4;
  }
  if (end === at) return { said: ESCAPED, end: at + 2 };
  try {
    return { said: STRICT.decode(Uint8Array.from(octets)), end };
  } catch {
    return { said: text.slice(at, end), end };
  }
}

/** The lines of a reply, as a server sent them, from its code and its text. */
export function joined(code: string, said: string): string {
  const lines = trimEnd(said.replaceAll("\r\n", "\n"), "\n")
    .split("\n")
    .map((line) =>
      isReply(line) && line.length > 3 ? line : `${code}-${line}`,
    );
  const last = lines.pop() ?? "";
  lines.push(`${last.slice(0, 3)} ${last.slice(4)}`);
  return trimEnd(lines.join("\n"), " ");
}

/** An error with one of the texts of the catalog in it. */
function wrapped(text: string): Reading | undefined {
  for (const wrapping of EXCEPTIONS) {
    const at = text.indexOf(wrapping.lead);
    const reading = at < 0 ? undefined : wrappedAt(wrapping, text, at);
    if (reading !== undefined) return reading;
  }
  return undefined;
}

/** The same, where it is known which text it can be, and where that begins. */
function wrappedAt(
  { lead, holes, kind, speaker, words, fields: implied }: Wrapping,
  text: string,
  at: number,
): Reading | undefined {
  // Told twice, or of several; a name without a blank may be of what is said.
  const again = lead.endsWith(" ") ? text.indexOf(lead, at + lead.length) : -1;
  const told = text.slice(at, again > 0 ? again : text.length);
  const found = new Fields();
  for (const name in implied) found.set(name, implied[name] ?? "");
  const filling = filled(holes, blockOf(told, holes), lead.length, found);
  if (filling !== undefined && words !== null) {
    return new Reading(kind, speaker, null, words, found);
  }
  const plain = trim(filling ?? "", BLANKS);
  if (plain === "" || !isTold(lead, plain, found.get("code"))) return undefined;
  const said = coded(once(plain), found);
  const fields = found.without(["code", "enhanced"]);
  if (isNodemailer(kind)) inspect(text, fields);
  return ofSaid(kind, speaker, said, fields);
}

/** Whether what stands behind a code is of SMTP, which not every text of the catalog says. */
function isTold(lead: string, said: string, code: string | undefined): boolean {
  if (code === undefined || lead.includes("SMTP")) return true;
  return isOfSmtp(joined(code, said));
}

function isNodemailer(kind: string): boolean {
  return kind === "client_nodemailer";
}

/**
 * The first line and those that go on with it, up to the last literal there.
 *
 * A line goes on with it that is of a reply, or up to one that begins with a longer literal.
 */
function blockOf(text: string, holes: readonly Hole[]): string {
  const last = holes[holes.length - 1]?.literal ?? "";
  const long = holes.filter(({ literal }) => literal.length > SHORT);
  const [first = "", ...rest] = text.replaceAll("\r", "").split("\n");
  const other = rest.findIndex((line) => !isReply(line));
  const begun = rest.findIndex((line) =>
    long.some(({ literal }) => line.startsWith(literal)),
  );
  const end = Math.max(other < 0 ? rest.length : other, begun + 1);
  const block = [first, ...rest.slice(0, end)].join("\n");
  if (last === "") return block;
  if (rest[end]?.startsWith(last)) return `${block}\n${last}`;
  return block.slice(0, block.lastIndexOf(last) + last.length);
}

/** What was said, where nodemailer tells it twice: with a colon between. */
function once(said: string): string {
  const half = Math.floor((said.length - 2) / 2);
  if (half < 0 || !said.startsWith(": ", half)) return said;
  const told = said.slice(0, half);
  return told === said.slice(half + 2) ? told : said;
}

/** What was said, with the codes that the client shows elsewhere. */
function coded(said: string, fields: Fields): string {
  const code = fields.get("code") ?? "";
  const enhanced = fields.get("enhanced") ?? "";
  if (code === "") return said;
  const known = enhanced === "" || isEnhanced(before(said, " "));
  if (known) return joined(code, said);
  const lines = said.split("\n").map((line) => `${enhanced} ${line}`);
  return joined(code, lines.join("\n"));
}

/** Adds the command, where the properties of an error are shown. */
function inspect(text: string, fields: Fields): void {
  const rest = behind(text, "command: '");
  const end = rest.indexOf("'");
  if (end >= 0) fields.set("command", rest.slice(0, end));
}

/** An error of net/textproto: a code and a quoted text. */
function go(text: string): Reading | undefined {
  let at = text.indexOf(' "');
  while (at >= 0) {
    const code = text.slice(Math.max(at - 3, 0), at);
    if (codeOf(code) > 0 && !goesOn(text, at - 3)) {
      const { said, end } = literal(text, at + 1);
      const line = end > 0 ? joined(code, said) : "";
      if (end > 0 && isError(text, at - 3, end, line)) {
        return ofTextproto(code, said);
      }
    }
    at = text.indexOf(' "', at + 1);
  }
  return undefined;
}

/** Whether a code and a quoted text between two places, a reply, are an error of SMTP. */
function isError(
  text: string,
  at: number,
  end: number,
  reply: string,
): boolean {
  if (isBehindCount(text, at)) return false;
  if (isSurely(reply)) return true;
  return ENDING.includes(text.charAt(end)) && isOfSmtp(reply);
}

/** Whether a number or a quoted text stands before a place, as web servers log both. */
function isBehindCount(text: string, at: number): boolean {
  const blank = at - 1;
  if (blank < 0 || text.charAt(blank) !== " ") return false;
  let start = blank;
  while (start > 0 && DIGITS.includes(text.charAt(start - 1))) start--;
  const begins = start === 0 || text.charAt(start - 1) === " ";
  return (start < blank && begins) || text.charAt(blank - 1) === '"';
}

/** Whether a code and words are of SMTP: HTTP and databases have such codes too. */
function isOfSmtp(reply: string): boolean {
  const likely = OF_MAIL.includes(reply.charAt(1)) && reply.includes(" ", 4);
  return likely || isSurely(reply);
}

function ofTextproto(code: string, said: string): Reading {
  const reply = joined(code, said);
  return ofReply("client_go_textproto", "server", reply, new Fields());
}

/**
 * A reply somewhere in a line: its codes show it, or its words are known.
 *
 * The first that refuses something, else the first.
 */
function elsewhere(text: string): Reading | undefined {
  let found: string | undefined;
  for (const line of text.split("\n")) {
    for (const at of codes(line)) {
      const reply = unquoted(line, at);
      const refuses = reply.startsWith("4") || reply.startsWith("5");
      if (!(refuses || found === undefined) || !isSurely(reply)) continue;
      if (refuses) return ofOther(reply);
      found = reply;
    }
  }
  return found === undefined ? undefined : ofOther(found);
}

function ofOther(reply: string): Reading {
  return ofReply("client_other", "server", reply, new Fields());
}

/** Whether what looks like a reply is one. */
function isSurely(reply: string): boolean {
  const enhanced = before(reply.slice(4), " ");
  const sure = isEnhanced(enhanced) && enhanced[0] === reply[0];
  return sure || identify(reply) !== undefined;
}

/** The first places of a line where a reply can begin. */
function codes(line: string): number[] {
  const found: number[] = [];
  for (let at = 0; at < line.length - 4; at++) {
    const unit = line.charCodeAt(at + 3);
    if (unit !== 32 && unit !== 45) continue;
    if (goesOn(line, at) || codeOf(line.slice(at, at + 3)) === 0) continue;
    found.push(at);
    if (found.length === PLACES) break;
  }
  return found;
}

/** Whether a word goes on at a place, not begins. */
function goesOn(text: string, at: number): boolean {
  if (at <= 0) return false;
  const unit = text.charCodeAt(at - 1);
  return unit > 127 || isLetter(unit) || (unit >= 48 && unit <= 57);
}

/** What begins at a place, without the quotes or brackets that it stands in. */
function unquoted(line: string, at: number): string {
  const closing = CLOSING.get(line.charAt(at - 1));
  const end = closing === undefined ? -1 : line.lastIndexOf(closing);
  const reply = end >= at ? line.slice(at, end) : line.slice(at);
  const quoted = closing !== undefined && QUOTES.includes(closing);
  return trim(quoted ? without(without(reply, "\\n"), "\\r") : reply, BLANKS);
}

/** A text without an end. */
function without(text: string, end: string): string {
  return text.endsWith(end) ? text.slice(0, -end.length) : text;
}

/** The words of a reply somewhere in a line, without its codes. */
function worded(text: string): Reading | undefined {
  for (const line of text.split("\n")) {
    let words = trim(line, BLANKS);
    for (let nth = 0; nth < PLACES; nth++) {
      if (identify(words) !== undefined) {
        return ofSaid("client_other", "server", words, new Fields());
      }
      const at = words.indexOf(": ");
      if (at < 0) break;
      words = words.slice(at + 2);
    }
  }
  return undefined;
}
