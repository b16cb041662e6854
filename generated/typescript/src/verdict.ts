import type { Match } from "./identify.js";
import type { Verdict } from "./types.js";
import { VERDICTS } from "./vocabularies.js";
import type { VerdictFacts } from "./vocabularies.js";

/** The first verdict of the reply that a value fits; null if no value changes anything. */
export function verdictOf(match: Match): Verdict | null {
  const { params, reply, retryable } = match;
  for (const { placeholder, verdict } of reply.verdicts) {
    // A placeholder may be called constructor, which every object inherits.
    const value = Object.hasOwn(params, placeholder)
      ? params[placeholder]
      : undefined;
    if (value !== undefined && fits(factsOf(verdict), value, retryable)) {
      return verdict;
    }
  }
  return null;
}

/** What a verdict changes. Of a catalog that has none, the compiler knows no facts. */
export function factsOf(verdict: Verdict): VerdictFacts {
  return VERDICTS[verdict];
}

function fits(facts: VerdictFacts, value: string, temporary: boolean): boolean {
  if (facts.temporary && !temporary) return false;
  return (
    facts.equals.includes(value) ||
    facts.begins.some((part) => value.startsWith(part)) ||
    facts.contains.some((part) => value.includes(part))
  );
}
