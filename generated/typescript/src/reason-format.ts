import { entryOf } from "./given.ts";
import type { Reason } from "./reasons.ts";
import { filled, textOf } from "./words.ts";
import type { Values } from "./words.ts";
import { REASONS } from "./wordings.ts";

/** The value of every placeholder of a reason, by name. */
export type ReasonParams<R extends Reason> = Reason extends R
  ? Readonly<Record<string, string>>
  : Values<R["text"]>;

/** A wording other than the default one. */
export interface ReasonAs {
  /** The name of another wording. */
  readonly form?: string;
}

/**
 * The words as Postfix logs them, without the status.
 *
 * Takes the value of every placeholder of the text by name, which the compiler
 * checks. Throws RangeError where a value is missing, unknown, of the wrong type,
 * or contains CR, LF or NUL.
 */
export function formatReason<R extends Reason>(
  reason: R,
  params: ReasonParams<R>,
  as?: { readonly form?: "standard" },
): string;
export function formatReason(
  reason: Reason,
  params: Readonly<Record<string, string>>,
  as: ReasonAs,
): string;
export function formatReason(
  reason: Reason,
  params: Readonly<Record<string, string>>,
  as: ReasonAs = {},
): string {
  const wordings = entryOf(REASONS, reason, "reason");
  return filled(reason, textOf(reason, wordings, as.form), params);
}
