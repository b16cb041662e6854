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

/** What the index has of a page. */
interface Page extends Found {
  readonly names: string;
  readonly codes?: string;
  /** All texts of an entry, and what stands in its examples. */
  readonly texts?: string;
  /** Restrictions that its prose names. */
  readonly words?: string;
  /** What people call it, with semicolons between. */
  readonly called?: string;
}

/** What an entry says that the reader does not know. */
interface Told {
  readonly names?: string;
  readonly values?: string;
  readonly words?: string;
  readonly called?: string;
}

const { said, codes, statuses, settings } = documents;

/** All pages that can be found. */
function* pages(): Generator<Page> {
  const told: Readonly<Record<string, Told>> = said;
  for (const known of globalThis.postfixReader?.known() ?? []) {
    const { at } = known;
    const { names = "", values = "", words = "", called = "" } = told[at] ?? {};
    yield {
      ...known,
      names: `${at} ${at.replaceAll("_", "")} ${names}`,
      texts: `${known.texts} ${values}`,
      words,
      called,
    };
  }
  for (const [code, summary] of Object.entries(codes)) {
    yield { at: `codes/#${code}`, text: code, summary, names: code };
  }
  for (const [code, [name, meaning]] of Object.entries(statuses)) {
    const text = name === undefined ? code : `${code} ${name}`;
    const names = ["x", "2", "4", "5"].map((digit) => digit + code.slice(1));
    const summary = meaning ?? "Nothing is registered for it.";
    yield { at: `enhanced/#${code}`, text, summary, names: names.join(" ") };
  }
  for (const [name, by] of Object.entries(settings)) {
    const summary = `A setting in main.cf; its default: ${by || "empty"}.`;
    yield { at: `settings/${name}`, text: name, summary, names: name };
  }
}

const all = [...pages()];
const index = new MiniSearch<Page>({
  fields: ["text", "summary", "names", "texts", "codes", "words", "called"],
  idField: "at",
  storeFields: ["at", "text", "summary", "texts", "names", "called"],
  tokenize: tokens,
  processTerm: term,
});
index.addAll(all);

function isCode(word: string): boolean {
  return /^[x245]?\.?\d/.test(word);
}

/** Texts to compare with queries as wholes, by their pages. */
const wholes = new Map(all.map(({ at, text }) => [at, bare(text)]));

/** More pages with the same two codes than somebody would look through. */
const MANY = 8;
/** Of so many words, one is enough. */
const FEW = 4;

/** Pages whose text has the query in it come before others; names and codes first of all. */
function boost(
  query: string,
): (at: string, word: string, stored?: Record<string, unknown>) => number {
  const whole = bare(query);
  // Names may be typed with blanks.
  const words = query.trim().toLowerCase().split(/\s+/);
  const name = words.join("_");
  const alike = [...wholes.values()].filter((text) => text.includes(whole));
  const areCodes = tokens(query).every(isCode) && alike.length > MANY;
  return (at, word, stored = {}) => {
    const names = String(stored["names"]).split(" ");
    if (names.includes(areCodes ? word : name)) return 40;
    const called = String(stored["called"] ?? "").split(";");
    if (called.some((phrase) => bare(phrase) === whole)) return 12;
    if (wholes.get(at)?.includes(whole)) return 4;
    if (bare(String(stored["texts"] ?? "")).includes(whole)) return 4;
    // Who looks for a setting types its name, and hardly several words.
    return at.startsWith("settings/") && words.length > 1 ? 0.5 : 1;
  };
}

/** Whether enough of what was asked for is found: a letter to the support is no search. */
function fits(found: readonly string[], asked: ReadonlySet<string>): boolean {
  return asked.size <= FEW || found.length * 2 >= asked.size;
}

globalThis.postfixSearch = (query) => {
  const boosted = boost(query);
  const results = index.search(query, {
    boost: { names: 2, text: 4, codes: 3, called: 3, texts: 2, words: 0.3 },
    // The last word may still be typed.
    prefix: (word, nth, all) =>
      nth === all.length - 1 && word.length > 2 && !isCode(word),
    fuzzy: (word) => (word.length > 4 && !isCode(word) ? 0.25 : false),
    boostDocument: boosted,
  });
  const asked = new Set(tokens(query).filter((word) => term(word) !== null));
  const fitting = results.filter(({ queryTerms }) => fits(queryTerms, asked));
  return fitting.map(({ id, ["text"]: text, summary }) => ({
    at: String(id),
    text: String(text),
    summary: String(summary),
  }));
};
