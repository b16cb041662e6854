import type { Reply } from "./index.ts";
import { TYPES } from "./placeholders.ts";
import { apart, namesIn } from "./texts.ts";

/** How a text opens: with words, with `<...>: `, or with a host name. */
export type Family = "plain" | "angle" | "host";

/** A pair of codes; no enhanced status code is an empty string. */
export type Pair = readonly [code: number, enhanced: string];

/** A reply that a text belongs to, as which form, and its placeholders. */
export interface Owner {
  readonly reply: Reply;
  readonly form: string;
  readonly text: string;
  readonly names: readonly string[];
  /** Whose words the text is: own, site or unknown. */
  readonly words: string;
  /** The pairs of codes that it travels under. */
  readonly pairs: readonly Pair[];
}

/** What follows the opening of a text: literals and types of placeholders in turn. */
export interface Row {
  readonly family: Family;
  readonly shape: readonly string[];
  /** How many literal characters it has. */
  readonly weight: number;
  /** Whether the end of a line that it matches can be a tail. */
  readonly opens: boolean;
  /** Whether such a line may begin with the first words of a text with more characters. */
  readonly rivalled: boolean;
  readonly owners: readonly Owner[];
}

/** How the opening of a text ends. */
const OPENINGS: Readonly<Record<Family, string>> = {
  plain: "",
  angle: "}>: ",
  host: "} ",
};

/** The standard text of a reply; the pairs are told where it has more than one. */
export function standard(reply: Reply, ...pairs: readonly Pair[]): Owner {
  return form(reply, "standard", reply.text, ...pairs);
}

/** Another wording of a reply. */
export function form(
  reply: Reply,
  form: string,
  text: string,
  ...pairs: readonly Pair[]
): Owner {
  return {
    reply,
    form,
    text,
    names: namesIn(text),
    words: reply.words,
    pairs: pairs.length > 0 ? pairs : [[reply.code, reply.enhanced ?? ""]],
  };
}

/** The row of a text, which is that of the first of those that it belongs to. */
export function row(
  rivalled: boolean,
  ...owners: readonly [Owner, ...Owner[]]
): Row {
  const [{ text }] = owners;
  const family = familyOf(text);
  const opening = OPENINGS[family];
  const rest = text.slice(text.indexOf(opening) + opening.length);
  const { lead, holes } = apart(rest, typeOf);
  const literals = [lead, ...holes.map(({ literal }) => literal)];
  const weight = literals.join("").length;
  const last = holes[holes.length - 1]?.literal;
  return {
    family,
    shape: [lead, ...holes.flatMap(({ type, literal }) => [type, literal])],
    weight,
    opens: weight > 0 && (last === "" || last === ")"),
    rivalled,
    owners,
  };
}

/** How a text opens. */
function familyOf(text: string): Family {
  if (text.startsWith("<{")) return "angle";
  return text.startsWith("{") ? "host" : "plain";
}

function typeOf(name: string): string | undefined {
  return TYPES[name];
}
