/*
 * What a program gives that the compiler did not check, as those in JavaScript do.
 */

/** Throws TypeError where a value is not of a type. */
export function needs(type: "number" | "string", given: unknown): void {
  if (typeof given === type) return;
  throw new TypeError(`give a ${type}, not ${named(given)}`);
}

/** The entry of a reply or reason in a table; throws TypeError where it is none. */
export function entryOf<Entry>(
  table: Readonly<Record<string, Entry>>,
  said: unknown,
  what: string,
): Entry {
  const id = idOf(said);
  const entry = Object.hasOwn(table, id) ? table[id] : undefined;
  if (entry !== undefined) return entry;
  throw new TypeError(`give a ${what}, not ${id === "" ? named(said) : id}`);
}

/** The id of a reply or reason, empty where it is none. */
export function idOf(said: unknown): string {
  if (typeof said !== "object" || said === null || !("id" in said)) return "";
  return String(said.id);
}

/** What a value that is no text is called in an error. */
export function named(given: unknown): string {
  return given === null ? "null" : typeof given;
}
