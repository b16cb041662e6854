/*
 * From a text with placeholders and their values to the words, byte for byte.
 */

import { fits } from "./identify.ts";
import { TYPES } from "./placeholders.ts";
import type { Wording } from "./wordings.ts";

// The names so far are carried along, so that the compiler loops and does not recurse.
type Names<
  Text extends string,
  Found = never,
> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Names<Rest, Found | Name>
  : Found;

/** The value of every placeholder of a text, by name. */
export type Values<Text extends string> = [Names<Text>] extends [never]
  ? Readonly<Record<string, never>>
  : { readonly [Name in Names<Text>]: string };

/** What has a text with placeholders: a reply or a reason. */
export interface Said {
  readonly id: string;
  readonly text: string;
}

/** The text of a wording; throws where there is none of that name. */
export function textOf(
  said: Said,
  wordings: readonly Wording[],
  form = "standard",
): string {
  if (form === "standard") return said.text;
  for (const [name, text] of wordings) if (name === form) return text;
  throw new RangeError(`${said.id} has no form ${form}`);
}

/** A text of something with its values; throws where one is missing, unknown or wrong. */
export function filled(
  said: Said,
  text: string,
  params: Readonly<Record<string, string>>,
): string {
  const [first = "", ...pieces] = text.split("{");
  const unknown = new Set(Object.keys(params));
  let words = first;
  for (const piece of pieces) {
    const end = piece.indexOf("}");
    const name = piece.slice(0, end);
    if (!unknown.delete(name)) {
      throw new RangeError(`${said.id} needs ${name}`);
    }
    words += checked(name, params[name]) + piece.slice(end + 1);
  }
  for (const name of [...unknown].sort()) {
    throw new RangeError(`${said.id} has no ${name}`);
  }
  return words;
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
