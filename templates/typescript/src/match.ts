import type { Reply } from "./index.ts";
import { show } from "./shown.ts";
import type { Owner } from "./rows.ts";
import type { Party, Retry, Verdict } from "./types.ts";
import { changesOf, firstFitting } from "./verdict.ts";

/** What is not of the text itself. */
interface Near {
  readonly tail: string;
  readonly repairs: readonly string[];
}

const CLEAN: Near = { tail: "", repairs: [] };

/** What a reply line says; it never changes. */
export class Match {
  // Private fields, since Object.freeze would cost a sixth of identify.
  readonly #owner: Owner;
  readonly #code: number | null;
  readonly #enhanced: string | null;
  readonly #values: readonly string[];
  readonly #near: Near;

  /** Matches are made by identify. */
  constructor(
    owner: Owner,
    code: number | null,
    enhanced: string | null,
    values: readonly string[],
    near: Near = CLEAN,
  ) {
    this.#owner = owner;
    this.#code = code;
    this.#enhanced = enhanced;
    this.#values = values;
    this.#near = near;
  }

  /** Which reply it is. */
  get reply(): Reply {
    return this.#owner.reply;
  }

  /** The reply code on the wire, null where the words came without one. */
  get code(): number | null {
    return this.#code;
  }

  /** The enhanced status code on the wire, null where there was none. */
  get enhanced(): string | null {
    return this.#enhanced;
  }

  /** The wording: "standard", or the name of one of the reply's forms. */
  get form(): string {
    return this.#owner.form;
  }

  /** Whether the codes on the wire say to try again later: whether they begin with 4. */
  get retryable(): boolean {
    return String(this.code ?? this.enhanced).startsWith("4");
  }

  /** What the placeholders of the text stand for, by name. */
  get params(): Record<string, string> {
    const params: Record<string, string> = {};
    this.#owner.names.forEach((name, at) => {
      params[name] = this.#values[at] ?? "";
    });
    return params;
  }

  /** Whether the server is sure to hang up after the line. */
  get closes(): boolean {
    return this.code === 421 || this.code === 521 || this.reply.closes;
  }

  /**
   * Whether Postfix is known to say all of this: false where the words are a site's
   * own, else whether the catalog knows the reply under the codes on the wire.
   */
  get expected(): boolean {
    const known = nearness(this.#owner, this.code, this.enhanced ?? "") === 4;
    return known && this.#owner.words !== "site";
  }

  /** What stands behind the text and is not part of it: a footer, what a log adds. */
  get tail(): string {
    return this.#near.tail;
  }

  /** What had to be put right before the text was known, by name; empty for most lines. */
  get repairs(): readonly string[] {
    return [...this.#near.repairs];
  }

  /** What a value in the line changes about who must act, null if nothing. */
  get verdict(): Verdict | null {
    return firstFitting(this.reply.verdicts, this.params, this.retryable);
  }

  /** Who must act: as the verdict has it, else as the reply does. */
  get mustAct(): Party {
    const verdict = this.verdict;
    return verdict === null ? this.reply.mustAct : changesOf(verdict).mustAct;
  }

  /** Whether trying again can help: as the verdict has it, else as the reply does. */
  get retry(): Retry {
    const verdict = this.verdict;
    return verdict === null ? this.reply.retry : changesOf(verdict).retry;
  }

  /**
   * All that it says, by name. JSON.stringify of a match gives the same bytes as the
   * packages of other languages; a lone surrogate becomes an escape such as `\udc80`.
   */
  toJSON(): Record<string, unknown> {
    return {
      id: this.reply.id,
      code: this.code,
      enhanced: this.enhanced,
      params: this.params,
      form: this.form,
      expected: this.expected,
      retryable: this.retryable,
      closes: this.closes,
      tail: this.tail,
      repairs: this.repairs,
    };
  }

  /** The same as a text. */
  toString(): string {
    return JSON.stringify(this);
  }
}

show(Match);

/** 4 for a pair of the catalog, 3 for its enhanced code but for the class, 2 for its code. */
export function nearness(
  owner: Owner,
  code: number | null,
  enhanced: string,
): number {
  let nearest = 0;
  for (const [known, other] of owner.pairs) {
    if (known === code && other === enhanced) return 4;
    const same =
      enhanced !== "" && other !== "" && other.slice(1) === enhanced.slice(1);
    const hundreds = Math.trunc(known / 100) === Math.trunc((code ?? 0) / 100);
    nearest = Math.max(
      nearest,
      same ? 3 : known === code ? 2 : hundreds ? 1 : 0,
    );
  }
  return nearest;
}
