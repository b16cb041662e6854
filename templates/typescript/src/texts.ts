/*
 * Texts with placeholders, taken apart as the tables are loaded, which so say each text
 * once.
 */

const PLACEHOLDER = /\{([a-z][a-z0-9_]*)\}/;

/** A placeholder or a field in a text. */
export interface Hole {
  readonly name: string;
  readonly type: string;
  /** The literal behind it. */
  readonly literal: string;
}

/** A text taken apart. */
export interface Holed {
  /** The first literal. */
  readonly lead: string;
  readonly holes: readonly Hole[];
}

/** The names of the placeholders of a text. */
export function namesIn(text: string): string[] {
  return text.split(PLACEHOLDER).filter((_, at) => at % 2 === 1);
}

/** A text taken apart; the type of a hole is text where no other is told. */
export function apart(
  text: string,
  typeOf: (name: string) => string | undefined,
): Holed {
  const pieces = alone(text.split(PLACEHOLDER));
  const holes: Hole[] = [];
  for (let at = 1; at < pieces.length; at += 2) {
    const [name = "", literal = ""] = [pieces[at], pieces[at + 1]];
    holes.push({ name, type: typeOf(name) ?? "text", literal });
  }
  return { lead: pieces[0] ?? "", holes };
}

/** Pieces as texts of their own: slices of another text are slower to compare. */
function alone(pieces: readonly string[]): string[] {
  return JSON.parse(JSON.stringify(pieces)) as string[];
}
