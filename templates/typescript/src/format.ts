import { details } from "./details.js";
import { fits, isEnhanced } from "./identify.js";
import type { Reply } from "./index.js";
import { TYPES } from "./tables.js";

// The names so far are carried along, so that the compiler loops and does not recurse.
type Names<
  Text extends string,
  Found = never,
> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Names<Rest, Found | Name>
  : Found;

/** The value of every placeholder of a reply, by name. */
export type Params<R extends Reply> = Reply extends R
  ? Readonly<Record<string, string>>
  : [Names<R["text"]>] extends [never]
    ? Readonly<Record<string, never>>
    : { readonly [Name in Names<R["text"]>]: string };

/** Codes and wording other than the default ones. */
export interface As {
  readonly code?: number | null;
  /** The enhanced status code; null leaves it out. */
  readonly enhanced?: string | null;
  /** The name of another wording. */
  readonly form?: string;
}

/**
 * The line as Postfix sends it, without line end.
 *
 * Takes the value of every placeholder of the text by name, which the compiler
 * checks. Throws RangeError where a value is missing, unknown, of the wrong type,
 * or contains CR, LF or NUL.
 */
export function format<R extends Reply>(
  reply: R,
  params: Params<R>,
  as?: As & { readonly form?: "standard" },
): string;
export function format(
  reply: Reply,
  params: Readonly<Record<string, string>>,
  as: As,
): string;
export function format(
  reply: Reply,
  params: Readonly<Record<string, string>>,
  as: As = {},
): string {
  const code = as.code ?? reply.code;
  if (!(Number.isInteger(code) && code >= 200 && code <= 599)) {
    throw new RangeError(`${code} is not a reply code`);
  }
  const enhanced =
    as.enhanced === undefined ? defaultEnhanced(reply, code) : as.enhanced;
  if (
    enhanced !== null &&
    !(typeof enhanced === "string" && isEnhanced(enhanced))
  ) {
    throw new RangeError(`${enhanced} is not an enhanced status code`);
  }
  const said = filled(reply, params, as.form ?? "standard");
  return enhanced === null ? `${code} ${said}` : `${code} ${enhanced} ${said}`;
}

function defaultEnhanced(reply: Reply, code: number): string | null {
  if (code === reply.code) return reply.enhanced;
  for (const variant of details(reply).variants) {
    if (variant.code === code) return variant.enhanced;
  }
  return ofClass(Math.trunc(code / 100), reply.enhanced);
}

/**
 * Postfix itself sets the class to the first digit of a code that the administrator
 * chose. There is no class 3 (RFC 3463 section 2).
 */
function ofClass(digit: number, enhanced: string | null): string | null {
  if (enhanced === null || digit === 3) return null;
  return `${digit}${enhanced.slice(1)}`;
}

function filled(
  reply: Reply,
  params: Readonly<Record<string, string>>,
  form: string,
): string {
  const [first = "", ...pieces] = textOf(reply, form).split("{");
  const unknown = new Set(Object.keys(params));
  let said = first;
  for (const piece of pieces) {
    const end = piece.indexOf("}");
    const name = piece.slice(0, end);
    if (!unknown.delete(name)) {
      throw new RangeError(`${reply.id} needs ${name}`);
    }
    said += checked(name, params[name]) + piece.slice(end + 1);
  }
  for (const name of [...unknown].sort()) {
    throw new RangeError(`${reply.id} has no ${name}`);
  }
  return said;
}

function textOf(reply: Reply, form: string): string {
  if (form === "standard") return reply.text;
  for (const each of details(reply).forms) {
    if (each.form === form) return each.text;
  }
  throw new RangeError(`${reply.id} has no form ${form}`);
}

function checked(name: string, value: unknown): string {
  if (typeof value !== "string") {
    throw new RangeError(`${name} must be a string`);
  }
  for (const mark of ["\r", "\n", "\0"]) {
    if (value.includes(mark)) {
      throw new RangeError(`${name} must not contain CR, LF or NUL`);
    }
  }
  const type = TYPES[name];
  if (fits(type, value, 0, value.length)) return value;
  const wanted =
    type === "word" ? "word, without a space" : "host name or an address";
  throw new RangeError(`${name} must be a ${wanted}`);
}
