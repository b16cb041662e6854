import type { Match } from "./match.ts";
import type { Verdict, Weighed } from "./types.ts";
import { VERDICTS } from "./vocabularies.ts";
import type { VerdictFacts } from "./vocabularies.ts";

/** The first verdict of the reply that a value fits; null if no value changes anything. */
export function verdictOf(match: Match): Verdict | null {
  return firstFitting(match.reply.verdicts, match.params, match.retryable);
}

/** The first verdict that a value fits, else null; `temporary` tells that the codes are. */
export function firstFitting(
  weighed: readonly Weighed[],
  params: Readonly<Record<string, string>>,
  temporary: boolean,
): Verdict | null {
  for (const { placeholder, verdict } of weighed) {
    // A placeholder may be called constructor, which every object inherits.
    const value = Object.hasOwn(params, placeholder)
      ? params[placeholder]
      : undefined;
    if (value !== undefined && fits(factsOf(verdict), value, temporary)) {
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
