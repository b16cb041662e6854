import { Fields } from "./fields.ts";
import { codeOf, identify, isEnhanced } from "./identify.ts";
import type { Match } from "./identify.ts";
import type { Reply } from "./index.ts";
import type { Reason } from "./reasons.ts";
import { show } from "./shown.ts";
import { identifyReason, isTold, others, quoted } from "./told.ts";
import type { ReasonMatch } from "./told.ts";
import type { Kind, Party, Retry, Speaker } from "./types.ts";
import { PARTIES } from "./vocabularies.ts";
import { firstLineOf, isReply } from "./wrapped.ts";

/** Quotes in quotes. */
const DEEPEST = 8;
const NONE: readonly string[] = [];

/** What a log says became of mail. */
export type Outcome = "refused" | "deferred" | "bounced" | "delivered";

/** What the statuses of Postfix mean. */
const BECAME: ReadonlyMap<string, Outcome> = /* @__PURE__ */ new Map<
  string,
  Outcome
>([
  ["sent", "delivered"],
  ["deferred", "deferred"],
  ["bounced", "bounced"],
  ["SOFTBOUNCE", "deferred"],
  ["expired", "bounced"],
  ["force-expired", "bounced"],
]);
/** The actions that refuse. */
const REFUSING = [
  "reject",
  "milter-reject",
  "proxy-reject",
  "milter-header-reject",
];

/** What can hold words of the delivery side. */
const REASONED: ReadonlySet<Kind> = /* @__PURE__ */ new Set<Kind>([
  "bounce_dsn",
  "bounce_message",
  "bounce_text",
  "delivery",
  "delivery_info",
  "queue_listing",
  "reason",
]);

/** What a held text says; it never changes. */
export class Reading {
  readonly #kind: Kind;
  readonly #speaker: Speaker | null;
  readonly #line: string | null;
  readonly #words: string | null;
  readonly #fields: Fields;
  readonly #unsure: readonly string[];
  /** What may be a reply of Postfix. */
  readonly #said: string | null;
  readonly #replies: readonly string[];
  /** How many readings it is inside of. */
  readonly #depth: number;
  /** Undefined until somebody asks. */
  #match: Match | null | undefined;
  #told: ReasonMatch | null | undefined;
  /** Whether only who logged the words tells which reason they are. */
  #isGuessed = false;
  #inner: Reading | null | undefined;

  /** Readings are made by read. */
  constructor(
    kind: Kind,
    speaker: Speaker | null,
    line: string | null,
    words: string | null,
    fields: Fields,
    unsure: readonly string[] = NONE,
    said: string | null = null,
    replies: readonly string[] = NONE,
    depth = 0,
  ) {
    this.#kind = kind;
    this.#speaker = speaker;
    this.#line = line;
    this.#words = words;
    this.#fields = fields;
    this.#unsure = unsure;
    this.#said = said;
    this.#replies = replies;
    this.#depth = depth;
  }

  /** What the text is. */
  get kind(): Kind {
    return this.#kind;
  }

  /** Who said what it says, null if nobody said anything. */
  get speaker(): Speaker | null {
    return this.#speaker;
  }

  /** The reply in it with its codes, as it stands there; null where there is none. */
  get line(): string | null {
    return this.#line;
  }

  /** What is said without a reply code: a reason, or words of which the code is lost. */
  get words(): string | null {
    return this.#words;
  }

  /** Which reply of Postfix the words are, null if they are none. */
  get match(): Match | null {
    if (this.#match === undefined) {
      this.#match = this.#said === null ? null : (identify(this.#said) ?? null);
    }
    return this.#match;
  }

  /** The same without what it carries. */
  get reply(): Reply | null {
    // In two statements, since the compiler gives up on a union of so many types.
    const { match } = this;
    if (match === null) return null;
    return match.reply;
  }

  /** Which reason of the delivery side the words are, null if they are none. */
  get reasonMatch(): ReasonMatch | null {
    if (this.#told === undefined) this.#told = this.#reasonOf() ?? null;
    return this.#told;
  }

  /** The same without what it carries. */
  get reason(): Reason | null {
    const { reasonMatch } = this;
    if (reasonMatch === null) return null;
    return reasonMatch.reason;
  }

  /** The reply code, null where the text has none. */
  get code(): number | null {
    return codeOf(this.#line ?? "") || null;
  }

  /** The enhanced status code that stands before the words, null where there is none. */
  get enhanced(): string | null {
    if (this.match !== null) return this.match.enhanced;
    const said = this.#line ? this.#line.slice(4) : (this.#words ?? "");
    const [word = ""] = said.slice(0, 12).split(" ", 1);
    return isEnhanced(word) ? word : null;
  }

  /** What stands around it, by name, such as queue_id, client_address, to, status. */
  get fields(): Record<string, string> {
    return Object.fromEntries(this.#fields.entries());
  }

  /** All refusals, where an error has several; the first is the line. */
  get replies(): readonly string[] {
    return [...this.#replies];
  }

  /** What a log says became of mail; else null. */
  get outcome(): Outcome | null {
    if (this.#kind === "delivery" || this.#kind === "queue") {
      return BECAME.get(this.#fields.get("status") ?? "") ?? null;
    }
    const refused = REFUSING.includes(this.#fields.get("action") ?? "");
    return refused && this.#speaker !== null ? "refused" : null;
  }

  /** What the words repeat of somebody else, null if nothing. */
  get inner(): Reading | null {
    if (this.#inner === undefined) this.#inner = this.#inside();
    return this.#inner;
  }

  /** What the text does not settle, by name: fields, `line`, `speaker` or `reason`. */
  get unsure(): readonly string[] {
    const guessed = this.reasonMatch !== null && this.#isGuessed;
    return guessed ? [...this.#unsure, "reason"] : [...this.#unsure];
  }

  /**
   * Who must act, null where the words are not known.
   *
   * Seen from the Postfix that logged it or wrote the bounce, where that repeats a
   * server: who runs the client of that server is then the operator of this Postfix.
   */
  get mustAct(): Party | null {
    return this.#decided()[0];
  }

  /**
   * Whether trying again or waiting can help, null where the words are not known.
   *
   * What Postfix itself will do is another thing: see outcome.
   */
  get retry(): Retry | null {
    return this.#decided()[1];
  }

  /**
   * What the reply decides, else the reason that another repeats, else that one. A reply
   * that took the mail decides nothing where a reason tells of a failure.
   */
  #decided(): readonly [Party | null, Retry | null] {
    const { match, reasonMatch } = this;
    if (match !== null && (reasonMatch === null || (this.code ?? 400) >= 400)) {
      const party = match.mustAct;
      const seen = this.#speaker === "remote" ? PARTIES[party].repeated : null;
      return [seen ?? party, match.retry];
    }
    if (reasonMatch === null) return [null, null];
    const { inner } = this;
    const [party, retry] = inner === null ? [null, null] : inner.#decided();
    return party === null
      ? [reasonMatch.mustAct, reasonMatch.retry]
      : [party, retry];
  }

  /**
   * All that it says, by name. JSON.stringify of a reading gives the same bytes as the
   * packages of other languages; a lone surrogate becomes an escape such as `\udc80`.
   */
  toJSON(): Record<string, unknown> {
    const { match, reasonMatch } = this;
    const reason = reasonMatch === null ? null : reasonMatch.reason.id;
    return {
      kind: this.#kind,
      speaker: this.#speaker,
      line: this.#line,
      words: this.#words,
      of: match !== null ? "reply" : reason !== null ? "reason" : null,
      id: match !== null ? match.reply.id : reason,
      reason,
      code: this.code,
      enhanced: this.enhanced,
      params: (match ?? reasonMatch)?.params ?? {},
      fields: this.#around(),
      inner: this.inner === null ? null : this.inner.toJSON(),
      unsure: this.unsure,
    };
  }

  /** The same as a text. */
  toString(): string {
    return JSON.stringify(this);
  }

  /** The fields by their names in order, with all refusals. */
  #around(): Record<string, unknown> {
    const told = new Map<string, unknown>(this.#fields.entries());
    if (this.#replies.length > 0) told.set("replies", this.replies);
    const names = [...told.keys()].sort();
    return Object.fromEntries(names.map((name) => [name, told.get(name)]));
  }

  /** The reason that the words are, if the delivery side spoke. */
  #reasonOf(): ReasonMatch | undefined {
    const speaks = this.#speaker === "delivery" || this.#speaker === "remote";
    if (!speaks || !REASONED.has(this.#kind)) return undefined;
    const words = this.#words;
    if (words === null) return undefined;
    return identifyReason(words) ?? this.#guessed(words);
  }

  /** The reason of words that others chose, by who logged them. */
  #guessed(words: string): ReasonMatch | undefined {
    if (this.#kind !== "delivery" || this.#speaker !== "delivery") {
      return undefined;
    }
    const daemon = this.#fields.get("daemon") ?? "";
    const found = others(words, daemon, this.#fields.get("status") ?? "");
    this.#isGuessed = found !== undefined;
    return found;
  }

  /** A reading of what the words repeat. */
  #inside(): Reading | null {
    if (this.#depth === DEEPEST) return null;
    const words = this.#repeated();
    if (words === undefined) return null;
    return repeated("reason", words, new Fields(), NONE, this.#depth + 1);
  }

  /** What the words repeat: an earlier reason, or the reply of another server. */
  #repeated(): string | undefined {
    const earlier = this.reasonMatch?.params["reason"];
    if (earlier !== undefined) {
      const known = quoted(earlier) ?? identifyReason(earlier);
      return known === undefined ? undefined : earlier;
    }
    if (this.match === null) return undefined;
    const { params } = this.match;
    const quoting = (value: string): boolean => quoted(value) !== undefined;
    const reply = Object.values(params).find(quoting);
    if (reply !== undefined) return reply;
    const { reason = "" } = params;
    return isTold(reason) ? reason : undefined;
  }
}

show(Reading);

/** A reading of a reply with its codes. */
export function ofReply(
  kind: Kind,
  speaker: Speaker | null,
  reply: string,
  fields: Fields,
  words: string | null = null,
  unsure: readonly string[] = NONE,
): Reading {
  const said = firstLineOf(reply);
  return new Reading(kind, speaker, reply, words, fields, unsure, said);
}

/** A reading of what a server said, with or without its codes. */
export function ofSaid(
  kind: Kind,
  speaker: Speaker | null,
  said: string,
  fields: Fields,
  unsure: readonly string[] = NONE,
): Reading {
  if (isReply(said)) return ofReply(kind, speaker, said, fields, null, unsure);
  return new Reading(kind, speaker, null, said, fields, unsure, said);
}

/** A reading of a reason of the delivery side: a server's reply, where it repeats one. */
export function ofReason(
  kind: Kind,
  reason: string,
  fields: Fields,
  unsure: readonly string[] = NONE,
): Reading {
  return repeated(kind, reason, fields, unsure, 0);
}

function repeated(
  kind: Kind,
  reason: string,
  fields: Fields,
  unsure: readonly string[],
  depth: number,
): Reading {
  const reply = quoted(reason, fields);
  const line = reply ?? null;
  const said = reply === undefined ? null : firstLineOf(reply);
  const speaker = reply === undefined ? "delivery" : "remote";
  return new Reading(
    kind,
    speaker,
    line,
    reason,
    fields,
    unsure,
    said,
    NONE,
    depth,
  );
}
