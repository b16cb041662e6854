import type { Reading } from "postfix-replies/read";
import {
  KINDS,
  PARTIES,
  RETRIES,
  SPEAKERS,
  VERDICTS,
} from "postfix-replies/vocabularies";
import { h, linkTo } from "./dom.ts";
import type { Count, Row } from "./logs.ts";

const MOST_ROWS = 300;

/** What one reading says. */
export function answerOf(reading: Reading): HTMLElement {
  const said = reading.reply ?? reading.reason;
  const verdict = (reading.match ?? reading.reasonMatch)?.verdict ?? null;
  return h(
    "article",
    { "data-id": said?.id ?? "" },
    said === null
      ? h("h2", {}, "No words that Postfix is known to say")
      : h("h2", {}, linkTo(said.id, `${codesOf(reading)} ${said.text}`.trim())),
    h("p", {}, said === null ? unknownOf(reading) : said.summary),
    verdict === null
      ? null
      : h("p", {}, `${VERDICTS[verdict].meaning} ${VERDICTS[verdict].advice}`),
    h("dl", { class: "facts" }, ...factsOf(reading)),
    said === null
      ? null
      : h("p", {}, linkTo(said.id, "Why, and what each party can do")),
  );
}

/** The codes of a reply as they stand in a text. */
function codesOf({ reply, code, enhanced }: Reading): string {
  if (reply === null) return "";
  return [code, enhanced].filter((one) => one !== null).join(" ");
}

function unknownOf({ kind }: Reading): string {
  return `${KINDS[kind].meaning} The words in it are those of another server, of another program or of an operator.`;
}

function factsOf(reading: Reading): HTMLElement[] {
  const { speaker, mustAct, retry, reply, reason, unsure, enhanced } = reading;
  const facts: [string, string | Node][] = [];
  if (mustAct !== null) {
    facts.push(["Who must act", `${mustAct}: ${PARTIES[mustAct].meaning}`]);
  }
  if (retry !== null) {
    facts.push(["Try again?", `${spaced(retry)}: ${RETRIES[retry].meaning}`]);
  }
  if (speaker !== null) facts.push(["Who spoke", SPEAKERS[speaker].meaning]);
  facts.push(["This is", KINDS[reading.kind].meaning]);
  if (reply !== null && reason !== null) {
    facts.push(["Repeated by", linkTo(reason.id, reason.summary)]);
  }
  const inner = reading.inner?.reply ?? reading.inner?.reason ?? null;
  if (inner !== null) facts.push(["It repeats", linkTo(inner.id, inner.text)]);
  if (reply === null && reason === null && enhanced !== null) {
    const at = `X${enhanced.slice(1)}`;
    facts.push(["Its code", linkTo(`enhanced/#${at}`, enhanced)]);
  }
  const params = (reading.match ?? reading.reasonMatch)?.params ?? {};
  const carried = { ...reading.fields, ...params };
  for (const [name, value] of Object.entries(carried)) {
    facts.push([spaced(name), h("code", {}, value)]);
  }
  if (unsure.length > 0) {
    facts.push(["Not certain", unsure.map(spaced).join(", ")]);
  }
  return facts.flatMap(([name, value]) => [
    h("dt", {}, name),
    h("dd", {}, value),
  ]);
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
    row.retry && `try again: ${spaced(row.retry)}`,
  ].filter((one) => one !== "");
  return h(
    "tr",
    { "data-id": row.at },
    h("td", {}, row.count.toLocaleString("en")),
    h(
      "td",
      {},
      row.at === "" ? row.text : linkTo(row.at, row.text),
      h("br"),
      row.summary,
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

/** A number of things. */
function many(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}
