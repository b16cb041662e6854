/*
 * What mail programs make of a text that is pasted into them, put right before it is read.
 */

import { BLANKS, trim, trimEnd } from "./cutting.ts";

/** The last of them makes no new one: it comes last. */
const ENTITIES = [
  ["&lt;", "<"],
  ["&#60;", "<"],
  ["&gt;", ">"],
  ["&#62;", ">"],
  ["&quot;", '"'],
  ["&#34;", '"'],
  ["&#39;", "'"],
  ["&nbsp;", " "],
  ["&amp;", "&"],
] as const;
const BRACKETS = ["&lt;", "&#60;", "&gt;", "&#62;"];
const NO_BREAKS = ["\u00a0", "\u202f"];
const QUOTES = "\u201c\u201d\u201e\u2018\u2019\u00ab\u00bb";
/** Fields of the log, and how a line ends that has one. */
const ENDINGS = [
  [" helo=<", ">"],
  [" status=", ")"],
] as const;
const BEHIND = " \t\"',|\\";
const LINK = "mailto:";
const NOT_LINKED = '<>[]" \t\r\n';

/** A text without what mail programs make of it; where they made nothing, the text itself. */
export function cleared(given: string): string {
  let text = given;
  if (text.includes("&") && BRACKETS.some((one) => text.includes(one))) {
    text = text.split("\n").map(decoded).join("\n");
  }
  for (const blank of NO_BREAKS) {
    if (text.includes(blank)) text = text.replaceAll(blank, " ");
  }
  text = unquoted(text);
  if (ENDINGS.some(([field]) => text.includes(field))) {
    text = text.split("\n").map(ended).join("\n");
  }
  return text.includes(LINK) ? unlinked(text) : text;
}

/** A line of a log without what an export put behind it, such as a quote or a `|`. */
function ended(line: string): string {
  const end = trimEnd(line, BEHIND);
  const known = ENDINGS.some(
    ([field, last]) => line.includes(field) && end.endsWith(last),
  );
  return known ? end : line;
}

/**
 * A line without entities, if it has no `<` of its own.
 *
 * Where it has one, it is no HTML, and the entities may be of what a client chose.
 */
function decoded(given: string): string {
  let line = given;
  if (line.includes("<")) return line;
  for (const [entity, char] of ENTITIES) line = line.replaceAll(entity, char);
  return line;
}

/** A text without the typographic quotes that all of it stands in. */
function unquoted(text: string): string {
  const inside = trim(text, BLANKS);
  if (inside.length < 2 || !QUOTES.includes(inside.charAt(0))) return text;
  return QUOTES.includes(inside.slice(-1)) ? inside.slice(1, -1) : text;
}

/** A text without the links behind addresses, as in `<a@b.c<mailto:a@b.c>>`. */
function unlinked(text: string): string {
  const pieces: string[] = [];
  let start = 0;
  let at = text.indexOf(LINK);
  while (at >= 0) {
    at += LINK.length;
    let end = at;
    while (end < text.length && !NOT_LINKED.includes(text.charAt(end))) end++;
    const stop = linked(text, start, at, end);
    if (stop >= 0) {
      pieces.push(text.slice(start, stop));
      start = end + 1;
    }
    at = text.indexOf(LINK, end);
  }
  return pieces.join("") + text.slice(start);
}

/** Where the address ends that a link of the same address stands behind, -1 if none does. */
function linked(text: string, start: number, at: number, end: number): number {
  const opened = at - LINK.length - 1;
  if (opened <= start || end === at) return -1;
  const link = text.charAt(opened) + text.charAt(end);
  if (link !== "<>" && link !== "[]") return -1;
  const stop = text.charAt(opened - 1) === " " ? opened - 1 : opened;
  const first = stop - (end - at);
  const same = first >= start && text.startsWith(text.slice(at, end), first);
  return same ? stop : -1;
}
