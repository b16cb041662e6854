import { reasonDetails } from "./reason-details.js";
import type { Reason } from "./reasons.js";
import { filled, textOf } from "./words.js";
import type { Values } from "./words.js";

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
  const { forms } = reasonDetails(reason);
  return filled(reason, textOf(reason, forms, as.form ?? "standard"), params);
}
