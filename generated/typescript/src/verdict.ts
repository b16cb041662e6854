import { CHANGES } from "./changes.ts";
import type { Change } from "./changes.ts";
import type { Verdict, Weighed } from "./types.ts";

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
    if (value !== undefined && fits(changesOf(verdict), value, temporary)) {
      return verdict;
    }
  }
  return null;
}

/** What a verdict changes. Of a catalog that has none, the compiler knows nothing. */
export function changesOf(verdict: Verdict): Change {
  return CHANGES[verdict];
}

function fits(change: Change, value: string, temporary: boolean): boolean {
  if (change.temporary && !temporary) return false;
  return (
    change.equals.includes(value) ||
    change.begins.some((part) => value.startsWith(part)) ||
    change.contains.some((part) => value.includes(part))
  );
}
