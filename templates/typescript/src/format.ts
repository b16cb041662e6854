import { entryOf } from "./given.ts";
import { isEnhanced } from "./identify.ts";
import type { Reply } from "./index.ts";
import { filled, textOf } from "./words.ts";
import type { Values } from "./words.ts";
import { REPLIES } from "./wordings.ts";
import type { Formatted } from "./wordings.ts";

/** The value of every placeholder of a reply, by name. */
export type Params<R extends Reply> = Reply extends R
  ? Readonly<Record<string, string>>
  : Values<R["text"]>;

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
  const { pairs, wordings } = entryOf(REPLIES, reply, "reply");
  const code = as.code ?? reply.code;
  if (!(Number.isInteger(code) && code >= 200 && code <= 599)) {
    throw new RangeError(`${code} is not a reply code`);
  }
  const enhanced =
    as.enhanced === undefined ? enhancedOf(reply, pairs, code) : as.enhanced;
  if (
    enhanced !== null &&
    !(typeof enhanced === "string" && isEnhanced(enhanced))
  ) {
    throw new RangeError(`${enhanced} is not an enhanced status code`);
  }
  const said = filled(reply, textOf(reply, wordings, as.form), params);
  return enhanced === null ? `${code} ${said}` : `${code} ${enhanced} ${said}`;
}

/** What stands behind a code by default. */
function enhancedOf(
  reply: Reply,
  pairs: Formatted["pairs"],
  code: number,
): string | null {
  if (code === reply.code) return reply.enhanced;
  for (const [known, enhanced] of pairs) if (known === code) return enhanced;
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
