import type { Reading } from "postfix-replies/read";
import {
  KINDS,
  PARTIES,
  RETRIES,
  SPEAKERS,
  STATUSES,
} from "postfix-replies/vocabularies";
import { h, linkTo } from "./dom.ts";
import type { Count, Row } from "./logs.ts";
import { many } from "./many.ts";

/** Whether to try again, in a word or two. */
const AGAIN: Readonly<Record<string, string>> = {
  by_code: "after a 4xx",
  change_first: "not unchanged",
  later: "later",
  no_need: "no need",
};
const MOST_ROWS = 300;
/** Longer words are cut. */
const MOST_SHOWN = 500;
/** Who speaks words that are not Postfix's. */
const OTHERS: ReadonlySet<string> = new Set([
  "client",
  "command",
  "milter",
  "proxy",
  "remote",
  "server",
]);

/** What one reading says. */
export function answerOf(reading: Reading): HTMLElement {
  const found = foundIn(reading);
  const said = found && saidBy(found);
  const speaker = (said === reading.reply && reading.speaker) || "";
  const decides = foundIn(deciding(reading));
  const notes = [
    reading.kind === "smtpd_action" ? KINDS.smtpd_action.meaning : null,
    outcomeOf(reading),
  ];
  return h(
    "article",
    { "data-id": said?.id ?? "" },
    h(
      "h2",
      {},
      said === null ? titleOf(reading) : linkTo(said.id, said.summary),
    ),
    wordsOf(reading),
    ...notes.map((note) => note && h("p", {}, note)),
    listOf(decisionsOf(reading)),
    decides &&
      h("div", {
        "data-advice": saidBy(decides).id,
        "data-verdict": decides.verdict ?? "",
        "data-speaker": speaker,
      }),
    said && h("p", {}, linkTo(said.id, "Why, and what each party can do")),
    carriedBy(reading),
  );
}

type Found = NonNullable<Reading["match"] | Reading["reasonMatch"]>;
type Said = NonNullable<Reading["reply"] | Reading["reason"]>;

/**
 * The reply or the reason that a reading is about: of a reason that repeats a
 * reply, the reason where it says by itself who must act.
 */
function foundIn({ match, reason, reasonMatch }: Reading): Found | null {
  return reason?.mustAct ? reasonMatch : (match ?? reasonMatch);
}

function saidBy(found: Found): Said {
  return "reply" in found ? found.reply : found.reason;
}

/** The reading whose words decide: the innermost that says who must act. */
function deciding(reading: Reading): Reading {
  const { inner } = reading;
  if (reading.match !== null || inner === null) return reading;
  return inner.mustAct === null ? reading : deciding(inner);
}

/** What a reading is of which no words are known. */
function titleOf({ kind, speaker, line, words }: Reading): string {
  const isOthers = speaker !== null && OTHERS.has(speaker);
  return isOthers && (line ?? words) !== null
    ? "These are not Postfix's words"
    : KINDS[kind].meaning;
}

function wordsOf({ line, words }: Reading): HTMLElement | null {
  const said = line ?? words ?? "";
  if (said === "") return null;
  const shown =
    said.length > MOST_SHOWN ? `${said.slice(0, MOST_SHOWN)} …` : said;
  return h("p", {}, h("code", {}, shown));
}

/** What became of the mail. */
function outcomeOf({ fields }: Reading): string | null {
  const status = fields["status"]?.replace("-but-not-cached", "") ?? "";
  const known: Readonly<Record<string, { readonly meaning: string }>> =
    STATUSES;
  return known[status]?.meaning ?? null;
}

type Fact = readonly [name: string, value: string | Node];

function* decisionsOf(reading: Reading): Generator<Fact> {
  const { speaker, mustAct, retry, reply, reason, unsure, enhanced } = reading;
  if (mustAct !== null) {
    const { meaning, repeating } = PARTIES[mustAct];
    const repeats = speaker === "remote" ? repeating : null;
    yield ["Who must act", repeats ?? meaning];
  }
  if (retry !== null) yield ["Try again?", RETRIES[retry].meaning];
  if (speaker !== null) yield ["Who spoke", SPEAKERS[speaker].meaning];
  if (reply !== null && reason !== null) {
    yield reason.mustAct
      ? ["It repeats", linkTo(reply.id, reply.summary)]
      : ["Repeated by", linkTo(reason.id, reason.summary)];
  }
  const inner = reading.inner && foundIn(reading.inner);
  if (inner)
    yield ["It repeats", linkTo(saidBy(inner).id, saidBy(inner).summary)];
  if (reply === null && reason === null && enhanced !== null) {
    const at = `X${enhanced.slice(1)}`;
    yield ["Its code", linkTo(`enhanced/#${at}`, enhanced)];
  }
  if (unsure.length > 0) {
    yield ["Not certain", unsure.map(spaced).join(", ")];
  }
}

/** What a text carries, for who wants to see it. */
function carriedBy(reading: Reading): HTMLElement {
  return h(
    "details",
    {},
    h("summary", {}, "All that was read"),
    listOf(factsOf(reading)),
  );
}

function* factsOf(reading: Reading): Generator<Fact> {
  yield ["This is", KINDS[reading.kind].meaning];
  const params = foundIn(reading)?.params ?? {};
  const { fields } = reading;
  for (const [name, value] of Object.entries(fields)) {
    yield [spaced(name), h("code", {}, value)];
  }
  for (const [name, value] of Object.entries(params)) {
    // The queue ID in a reply is that of the other server.
    const label =
      name in fields ? `${spaced(name)} in the words` : spaced(name);
    if (fields[name] !== value) yield [label, h("code", {}, value)];
  }
}

function listOf(facts: Iterable<Fact>): HTMLElement {
  const rows = [...facts].flatMap(([name, value]) => [
    h("dt", {}, name),
    h("dd", {}, value),
  ]);
  return h("dl", { class: "facts" }, ...rows);
}

function spaced(name: string): string {
  return name.replaceAll("_", " ");
}

/** A table of what many lines say. */
export function tableOf({ lines, rows }: Count): HTMLElement {
  const all = rows.reduce((sum, { count }) => sum + count, 0);
  const columns = ["Count", "What they say"];
  const head = columns.map((name) => h("th", { scope: "col" }, name));
  const caption = `${many(lines, "line")}: ${many(all, "thing")} said, of ${many(rows.length, "kind")}`;
  return h(
    "table",
    {},
    h("caption", {}, caption),
    h("thead", {}, h("tr", {}, ...head)),
    h("tbody", {}, ...rows.slice(0, MOST_ROWS).map(rowOf)),
  );
}

function rowOf(row: Row): HTMLElement {
  const told = [
    row.outcome,
    row.mustAct && `who must act: ${row.mustAct}`,
    row.retry && `try again: ${AGAIN[row.retry]}`,
  ].filter((one) => one !== "");
  return h(
    "tr",
    { "data-id": row.at },
    h("td", {}, row.count.toLocaleString("en")),
    h(
      "td",
      {},
      row.at === "" ? row.summary : linkTo(row.at, row.summary),
      ...(row.text === "" ? [] : [h("br"), h("code", {}, row.text)]),
      h("br"),
      h("small", {}, told.join("; ")),
      h(
        "details",
        {},
        h("summary", {}, "An example"),
        h("code", {}, row.example),
      ),
    ),
  );
}
