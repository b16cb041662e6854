/*
 * From what an SMTP client threw or showed to what the server said.
 *
 * String literals of Python, JavaScript and Go are code: a wrapper says where a literal
 * begins, not where it ends.
 */

import { before, behind, BLANKS, isLetter, trim, trimEnd } from "./cutting.js";
import { Fields } from "./fields.js";
import { codeOf, identify, isEnhanced } from "./identify.js";
import { ofReply, ofSaid, Reading } from "./reading.js";
import type { Kind } from "./types.js";
import { filled, firstLineOf, isReply } from "./wrapped.js";
import { EXCEPTIONS } from "./wrappers.js";
import type { Wrapping } from "./wrappers.js";

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

/** What a client's error says, undefined if it is none that is known. */
export function readClient(text: string): Reading | undefined {
  const shown = text.split("\n", LINES).join("\n");
  return (
    python(shown) ??
    wrapped(shown) ??
    go(shown) ??
    elsewhere(shown) ??
    worded(shown)
  );
}

/** An exception of smtplib or aiosmtplib: (code, text), one or several. */
function python(text: string): Reading | undefined {
  const found = refusals(text);
  if (found.length === 0) return undefined;
  const aio =
    text.includes("aiosmtplib") || text.includes("SMTPRecipientRefused(");
  return ofRefusals(aio ? "client_aiosmtplib" : "client_smtplib", found);
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
  const [reply, words] = isReply(line) ? [line, null] : [null, line];
  return new Reading(kind, "server", reply, words, fields, NONE, said, lines);
}

/** Every `(code, literal` of a text, with the literal before or behind it, if one is there. */
function refusals(text: string): Refusal[] {
  const found: Refusal[] = [];
  let at = text.indexOf("(");
  while (at >= 0) {
    const { said, end } = literalIn(text, at);
    if (end > 0) {
      const line = joined(text.slice(at + 1, at + 4), said);
      found.push({ address: subject(text, at, end), line });
      at = end;
    }
    at = text.indexOf("(", at + 1);
  }
  return found;
}

/** The literal behind `(code, `. */
function literalIn(text: string, at: number): Literal {
  if (!text.startsWith(", ", at + 4)) return NOTHING;
  if (codeOf(text.slice(at + 1, at + 4)) === 0) return NOTHING;
  return literal(text, at + 6);
}

/** The address of a refusal: the key of a dictionary, or the last argument. */
function subject(text: string, at: number, end: number): string {
  const quote = at > 2 ? text.charAt(at - 3) : "";
  if (quote !== "" && QUOTES.includes(quote) && text.startsWith(": ", at - 2)) {
    const start = at > 3 ? text.lastIndexOf(quote, at - 4) : -1;
    return text.slice(start + 1, at - 3);
  }
  const name = "SMTPRecipientRefused";
  if (at < name.length || !text.startsWith(name, at - name.length)) return "";
  return text.startsWith(", ", end) ? literal(text, end + 2).said : "";
}

/** What a literal stands for, and where it ends; 0 where there is none. */
interface Literal {
  readonly said: string;
  readonly end: number;
}

const NOTHING: Literal = { said: "", end: 0 };

/** The string that a literal of Python, JavaScript or Go is, and where it ends; else 0. */
function literal(text: string, start: number): Literal {
  const marked = text.startsWith("b", start) || text.startsWith("u", start);
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
    if (unit === 92) {
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

/** The lines of a reply, as a server sent them, from its code and its text. */
export function joined(code: string, said: string): string {
  const lines = trimEnd(said.replaceAll("\r\n", "\n"), "\n")
    .split("\n")
    .map((line) => (isReply(line) ? line : `${code}-${line}`));
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
  const last = holes[holes.length - 1]?.literal ?? "";
  const found = new Fields();
  for (const name in implied) found.set(name, implied[name] ?? "");
  const block = blockOf(text.slice(at), last);
  const shown = filled(holes, block, lead.length, found);
  if (shown !== undefined && words !== null) {
    return new Reading(kind, speaker, null, words, found);
  }
  if (!shown) return undefined;
  const said = coded(trim(shown, BLANKS), found);
  const fields = found.without(["code", "enhanced"]);
  if (isNodemailer(kind)) inspect(text, fields);
  return ofSaid(kind, speaker, said, fields);
}

function isNodemailer(kind: string): boolean {
  return kind === "client_nodemailer";
}

/** The first line and those of a reply that go on with it, up to the last literal there. */
function blockOf(text: string, last: string): string {
  const lines = text.replaceAll("\r", "").split("\n");
  const more = lines.findIndex((line, nth) => nth > 0 && !isReply(line));
  let end = more < 0 ? lines.length : more;
  if (last !== "" && lines[end]?.startsWith(last)) end++;
  const block = lines.slice(0, end).join("\n");
  if (last === "") return block;
  return block.slice(0, block.lastIndexOf(last) + last.length);
}

/** What was said, with the codes that the client shows elsewhere. */
function coded(said: string, fields: Fields): string {
  const code = fields.get("code") ?? "";
  const enhanced = fields.get("enhanced") ?? "";
  if (code === "") return said;
  const known = enhanced === "" || isEnhanced(before(said, " "));
  return joined(code, known ? said : `${enhanced} ${said}`);
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
      if (end > 0) {
        const reply = joined(code, said);
        return ofReply("client_go_textproto", "server", reply, new Fields());
      }
    }
    at = text.indexOf(' "', at + 1);
  }
  return undefined;
}

/** A reply somewhere in a line: its codes show it, or its words are known. */
function elsewhere(text: string): Reading | undefined {
  for (const line of text.split("\n")) {
    for (const at of codes(line)) {
      const reply = unquoted(line, at);
      const enhanced = before(behind(reply, " "), " ");
      const sure = isEnhanced(enhanced) && enhanced[0] === reply[0];
      if (sure || identify(reply) !== undefined) {
        return ofReply("client_other", "server", reply, new Fields());
      }
    }
  }
  return undefined;
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
  return trim(end >= at ? line.slice(at, end) : line.slice(at), BLANKS);
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
