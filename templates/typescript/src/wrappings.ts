import { FIELDS, TYPES } from "./placeholders.ts";
import type { Reason } from "./reasons.ts";
import { apart } from "./texts.ts";
import type { Holed } from "./texts.ts";
import type { Kind, Speaker } from "./types.ts";

/** A wording of a reason. */
export interface Told extends Holed {
  readonly reason: Reason;
  readonly form: string;
  readonly text: string;
  /** Whose words the text is: own, site or unknown. */
  readonly words: string;
}

/** What else is known of what stands around what somebody said. */
interface Known {
  readonly speaker: Speaker | null;
  /** The programs that log it. */
  readonly daemons: readonly string[];
  /** What stands behind it. */
  readonly tail: string | null;
  /** The words that are smtpd's own. */
  readonly own: readonly string[];
  /** What is said, where the wrapper itself says it. */
  readonly words: string | null;
  /** The fields that it implies. */
  readonly fields: Readonly<Record<string, string>>;
}

/** What stands around what somebody said. */
export interface Wrapping extends Holed, Known {
  readonly kind: Kind;
}

/** The wrapper of a text; what is not told of it is null or empty. */
export function wrapping(
  text: string,
  kind: Kind,
  known: Partial<Known>,
): Wrapping {
  const { speaker = null, daemons = [], tail = null } = known;
  const { own = [], words = null, fields = {} } = known;
  const { lead, holes } = apart(text, (name) => FIELDS.get(name));
  return { lead, holes, kind, speaker, daemons, tail, own, words, fields };
}

/** A wording of a reason, the standard one where no other is told. */
export function told(
  reason: Reason,
  form: string = "standard",
  text: string = reason.text,
): Told {
  const { lead, holes } = apart(text, typeIn);
  return { reason, form, text, words: reason.words, lead, holes };
}

/** The type of a placeholder of a reason: what is repeated has its name as type. */
function typeIn(name: string): string | undefined {
  return name === "reply" || name === "reason" ? name : TYPES[name];
}
