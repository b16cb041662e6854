/*
 * From the words of the delivery side to the reason that they are, and to what they
 * repeat.
 */

import { Fields } from "./fields.ts";
import { decoded } from "./identify.ts";
import { FIELDS } from "./placeholders.ts";
import type { Reason } from "./reasons.ts";
import { show } from "./shown.ts";
import type { Party, Retry, Verdict } from "./types.ts";
import { changesOf, firstFitting } from "./verdict.ts";
import { filled, isReply, isRepeated } from "./wrapped.ts";
import { FOREIGN, REASONS } from "./wrappers.ts";
import type { Told } from "./wrappings.ts";

/** First characters by which texts are found. */
const HEAD = 3;
/** Reasons in reasons. */
const DEEPEST = 8;
/** What a reason says of the reply that it repeats. */
const AROUND = ["remote", "command"];

/** What words of the delivery side say; it never changes. */
export class ReasonMatch {
  readonly #reason: Reason;
  readonly #form: string;
  readonly #params: Fields;

  /** Matches are made by identifyReason. */
  constructor(reason: Reason, form: string, params: Fields) {
    this.#reason = reason;
    this.#form = form;
    this.#params = params;
  }

  /** Which reason it is. */
  get reason(): Reason {
    return this.#reason;
  }

  /** The wording: "standard", or the name of one of the reason's forms. */
  get form(): string {
    return this.#form;
  }

  /** What the placeholders of the text stand for, by name. */
  get params(): Record<string, string> {
    return Object.fromEntries(this.#params.entries());
  }

  /** What a value in the words changes about who must act, null if nothing. */
  get verdict(): Verdict | null {
    return firstFitting(this.reason.verdicts, this.params, false);
  }

  /**
   * Who must act: as the verdict has it, else as the reason does; null where what the
   * reason repeats decides.
   */
  get mustAct(): Party | null {
    const verdict = this.verdict;
    return verdict === null ? this.reason.mustAct : changesOf(verdict).mustAct;
  }

  /** Whether waiting can help: as the verdict has it, else as the reason does. */
  get retry(): Retry {
    const verdict = this.verdict;
    return verdict === null ? this.reason.retry : changesOf(verdict).retry;
  }

  /**
   * All that it says, by name. JSON.stringify of a match gives the same bytes as the
   * packages of other languages; a lone surrogate becomes an escape such as `\udc80`.
   */
  toJSON(): Record<string, unknown> {
    return { id: this.reason.id, params: this.params, form: this.form };
  }

  /** The same as a text. */
  toString(): string {
    return JSON.stringify(this);
  }
}

show(ReasonMatch);

/**
 * The reason that words of the delivery side are, undefined where they are none of the
 * catalog.
 *
 * The words are what stands in brackets behind the status of a log line, without the
 * brackets. Bytes are UTF-8. Of several texts that fit, the one with the most literal
 * characters counts. The time is linear in the length, and no words throw.
 */
export function identifyReason(
  words: string | Uint8Array,
): ReasonMatch | undefined {
  const found = foundIn(TABLE, decoded(words));
  if (found === undefined) return undefined;
  const { reason, form } = found.told;
  return new ReasonMatch(reason, form, found.params);
}

/** Whether words are a reason, and such that hardly any other program says them. */
export function isTold(words: string): boolean {
  return foundIn(TABLE, words)?.told.words === "own";
}

/** The reason of words that a program logs and others chose, where there is but one. */
export function others(
  words: string,
  daemon: string,
  status: string,
): ReasonMatch | undefined {
  const [only, ...more] = FOREIGN.filter(
    (one) => one.daemons.includes(daemon) && one.statuses.includes(status),
  );
  if (only === undefined || more.length > 0) return undefined;
  const params = new Fields();
  params.set(only.hole, words);
  return new ReasonMatch(only.reason, only.form, params);
}

/**
 * The reply that words of the delivery side repeat, however deep, undefined where there
 * is none; adds who said it and to which command.
 */
export function quoted(words: string, fields?: Fields): string | undefined {
  let inside = words;
  for (let nth = 0; nth < DEEPEST; nth++) {
    const params = foundIn(REPEATING, inside)?.params;
    if (params === undefined) return undefined;
    const reply = params.get("reply");
    if (reply !== undefined) {
      if (!isReply(reply)) return undefined;
      if (fields !== undefined) {
        fields.add(params.only(AROUND.filter((name) => FIELDS.has(name))));
      }
      return reply;
    }
    inside = params.get("reason") ?? "";
  }
  return undefined;
}

interface Found {
  readonly told: Told;
  readonly params: Fields;
}

/** The first text that some words are, and what it carries. */
function foundIn(table: Table, words: string): Found | undefined {
  const rows = table.heads.get(words.slice(0, HEAD)) ?? table.short;
  for (const told of rows) {
    if (!words.startsWith(told.lead)) continue;
    const params = new Fields();
    const said = filled(told.holes, words, told.lead.length, params);
    if (said !== undefined) return { told, params };
  }
  return undefined;
}

/** Texts by their first characters, and those with fewer, which any words can be. */
interface Table {
  readonly heads: ReadonlyMap<string, readonly Told[]>;
  readonly short: readonly Told[];
}

function tableOf(rows: readonly Told[]): Table {
  const short = rows.filter(({ lead }) => lead.length < HEAD);
  const long = rows.filter(({ lead }) => lead.length >= HEAD);
  const heads = new Map<string, readonly Told[]>();
  for (const head of new Set(long.map(({ lead }) => lead.slice(0, HEAD)))) {
    const fits = ({ lead }: Told): boolean =>
      lead.startsWith(head) || (lead.length < HEAD && head.startsWith(lead));
    heads.set(head, rows.filter(fits));
  }
  return { heads, short };
}

const TABLE: Table = /* @__PURE__ */ tableOf(REASONS);
const REPEATING: Table = /* @__PURE__ */ tableOf(
  /* @__PURE__ */ REASONS.filter(({ holes }) =>
    holes.some(({ type }) => isRepeated(type)),
  ),
);
