import { isDigits } from "./cutting.ts";
import type { Fields } from "./fields.ts";
import { codeOf } from "./identify.ts";
import { addressEnd } from "./tails.ts";
import { FIELDS } from "./placeholders.ts";
import type { Hole } from "./texts.ts";

/**
 * What is said in a wrapper whose first literal ends at a place; undefined where it
 * is not it. It is empty where nothing is said. The fields are added to those given.
 */
export function filled(
  holes: readonly Hole[],
  text: string,
  start: number,
  fields: Fields,
): string | undefined {
  const last = holes[holes.length - 1];
  const tail = last === undefined ? "" : last.literal;
  if (!text.endsWith(tail)) return undefined;
  const end = text.length - tail.length;
  let said = "";
  let at = start;
  for (let number = 0; number < holes.length; number++) {
    const hole = holes[number] as Hole;
    const { type, literal } = hole;
    const stop = hole === last ? end : stopOf(holes, number, text, at, end);
    if (stop < at) return undefined;
    const value = text.slice(at, stop);
    at = stop + literal.length;
    if (isSaid(type)) {
      if (type === "line" && !isReply(value)) return undefined;
      said = value;
    } else if (isRepeated(type)) {
      fields.set(hole.name, value);
      said = value;
    } else if (!keep(hole, value, fields)) {
      return undefined;
    }
  }
  return at === text.length ? said : undefined;
}

/** Whether a hole holds what somebody said. */
function isSaid(type: string): boolean {
  return type === "said" || type === "line" || type === "why";
}

/** Whether a hole of a reason holds what it repeats: that is said, and kept too. */
export function isRepeated(type: string): boolean {
  return type === "reply" || type === "reason";
}

/** Where a hole ends that is not the last, -1 where it does not. */
function stopOf(
  holes: readonly Hole[],
  number: number,
  text: string,
  at: number,
  end: number,
): number {
  const { type, literal } = holes[number] as Hole;
  const latest = end - literal.length;
  if (latest < at) return -1;
  if (type === "said" || type === "line" || isRepeated(type)) {
    return lastOf(holes, number, text, at, end);
  }
  const found = text.indexOf(literal, at);
  const stop = found <= latest ? found : -1;
  if (literal.charCodeAt(0) !== 62) return stop;
  // An address in brackets, which Postfix quotes, but did not before 3.5.
  const closed = addressEnd(text, at);
  if (closed < 0) return stop;
  return text.startsWith(literal, closed) ? closed : -1;
}

/** Where a hole ends behind which every literal is taken where it last occurs. */
function lastOf(
  holes: readonly Hole[],
  number: number,
  text: string,
  at: number,
  end: number,
): number {
  let stop = end;
  for (let nth = holes.length - 2; nth >= number; nth--) {
    const { literal } = holes[nth] as Hole;
    const latest = stop - literal.length;
    stop = latest < at ? -1 : text.lastIndexOf(literal, latest);
    if (stop < at) return -1;
  }
  return stop;
}

/** Whether a value is of its type; if so it is added. */
function keep({ name, type }: Hole, value: string, fields: Fields): boolean {
  if (type === "client") return clients(value, fields);
  if (type === "run") {
    pairs(value, fields);
    return true;
  }
  if (type === "rest") return true;
  if (type !== "text") {
    if (value === "" || value.includes(" ")) return false;
    if (type === "number" && !isDigits(value)) return false;
    if (type === "code" && !(isReply(value) && value.length === 3)) {
      return false;
    }
  }
  fields.set(name, value);
  return true;
}

/**
 * Adds the pairs of name=value of a list of which the names are known.
 *
 * A login name can look like more of them: what is there already stays.
 */
export function pairs(value: string, fields: Fields): void {
  for (let at = 0; at <= value.length;) {
    const comma = value.indexOf(", ", at);
    const end = comma < 0 ? value.length : comma;
    const pair = value.slice(at, end);
    const equals = pair.indexOf("=");
    const key = equals < 0 ? "" : pair.slice(0, equals);
    if (FIELDS.has(key) && !fields.has(key)) {
      fields.set(key, pair.slice(equals + 1));
    }
    at = end + 2;
  }
}

/** Whether a value is name[address], name[address]:port or [address]:port; adds the three. */
export function clients(value: string, fields: Fields): boolean {
  const open = value.indexOf("[");
  if (open < 0) return false;
  const close = value.indexOf("]", open);
  if (close < 0 || value.includes(" ")) return false;
  if (close + 1 < value.length) {
    const port = value.slice(close + 2);
    if (value.charAt(close + 1) !== ":" || !isDigits(port)) return false;
    fields.set("client_port", port);
  }
  if (open > 0) fields.set("client_name", value.slice(0, open));
  fields.set("client_address", value.slice(open + 1, close));
  return true;
}

/** Whether a text begins with a reply code. */
export function isReply(said: string): boolean {
  if (codeOf(said) === 0) return false;
  const between = said.charCodeAt(3);
  return between === 32 || between === 45 || said.length === 3;
}

/** The first line of a reply, however what holds it has joined them. */
export function firstLineOf(reply: string): string {
  if (reply.charAt(3) !== "-") {
    const line = reply.indexOf("\n");
    let end = line < 0 ? reply.length : line;
    while (reply.charCodeAt(end - 1) === 13) end--;
    return end < reply.length ? reply.slice(0, end) : reply;
  }
  const code = reply.slice(0, 3);
  let at = reply.indexOf(code, 1);
  while (at >= 0) {
    const mark = reply.charCodeAt(at + 3);
    const joins = "\n ?".includes(reply.charAt(at - 1));
    if (joins && (mark === 45 || mark === 32)) break;
    at = reply.indexOf(code, at + 1);
  }
  return ended(at < 0 ? reply : reply.slice(0, at));
}

/** A line without what joined it to the next: a line end, a blank, `?` or `??`. */
function ended(line: string): string {
  for (const end of ["\r\n", "\n", "??", "?", " "]) {
    if (line.endsWith(end)) return line.slice(0, line.length - end.length);
  }
  return line;
}
