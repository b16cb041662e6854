import MiniSearch from "minisearch";
import documents from "./documents.json" with { type: "json" };

/** A page that was found. */
export interface Found {
  readonly at: string;
  readonly text: string;
  readonly summary: string;
}

/** Looks for pages; the best come first. */
export type Search = (query: string) => readonly Found[];

declare global {
  // The script of the search puts it here once it is loaded.
  var postfixSearch: Search | undefined;
}

/** Codes of RFC 3463, reply codes and words; names with underscores are whole. */
const TOKEN = /[x245]\.\d{1,3}\.\d{1,3}|[a-z0-9]+(?:[_'-][a-z0-9]+)*/g;
/** What differs from line to line, and so finds nothing. */
const ADDRESS = /[\w.+=-]*@[\w.-]*|\[?\d+\.\d+\.\d+\.\d+\]?|\{\w+\}/g;
const STOP = new Set(
  "a an and are as at be by com for from in is it net not of on or org that the this to with".split(
    " ",
  ),
);

/** The words of a text; parts of names count too. */
function tokens(text: string): string[] {
  const words = text.toLowerCase().replace(ADDRESS, " ").match(TOKEN) ?? [];
  return words.flatMap((word) =>
    /[_'-]/.test(word) ? [word, ...word.split(/[_'-]/)] : [word],
  );
}

function term(word: string): string | null {
  return STOP.has(word) ? null : word;
}

/** Letters and digits alone, to compare texts as wholes. */
function bare(text: string): string {
  return ` ${text
    .toLowerCase()
    .replace(ADDRESS, " ")
    .replace(/[^a-z0-9_.]+/g, " ")
    .trim()} `;
}

const index = new MiniSearch<Record<string, string>>({
  fields: ["text", "summary", "names", "forms", "code", "settings", "words"],
  idField: "at",
  storeFields: ["at", "text", "summary", "forms", "names"],
  tokenize: tokens,
  processTerm: term,
});
index.addAll(documents);

function isCode(word: string): boolean {
  return /^[x245]?\.?\d/.test(word);
}

/** Texts to compare with queries as wholes, by their pages. */
const wholes = new Map(documents.map(({ at, text }) => [at, bare(text)]));

/** More pages with the same two codes than somebody would look through. */
const MANY = 8;

/** Pages whose text has the query in it come before others; names and codes first of all. */
function boost(
  query: string,
): (at: string, word: string, stored?: Record<string, unknown>) => number {
  const whole = bare(query);
  const name = query.trim().toLowerCase();
  const alike = [...wholes.values()].filter((text) => text.includes(whole));
  const areCodes = tokens(query).every(isCode) && alike.length > MANY;
  return (at, word, stored = {}) => {
    const names = String(stored["names"] ?? "").split(" ");
    if (names.includes(areCodes ? word : name)) return 40;
    if (wholes.get(at)?.includes(whole)) return 4;
    return bare(String(stored["forms"] ?? "")).includes(whole) ? 4 : 1;
  };
}

globalThis.postfixSearch = (query) => {
  const boosted = boost(query);
  const found = index.search(query, {
    boost: { names: 3, text: 4, code: 3, forms: 2, summary: 1, words: 0.3 },
    prefix: (word) => word.length > 2 && !isCode(word),
    fuzzy: (word) => (word.length > 3 && !isCode(word) ? 0.25 : false),
    boostDocument: boosted,
  });
  return found.map(({ id, ["text"]: text, summary }) => ({
    at: String(id),
    text: String(text),
    summary: String(summary),
  }));
};
