import { countInBackground } from "./background.ts";
import { advise } from "./advice.ts";
import { byId, h, linkTo } from "./dom.ts";
import { many } from "./many.ts";
import { reading, searching } from "./scripts.ts";
import type { Found } from "./search.ts";

/** What the box shows; a longer text is a log. */
const MOST_IN_BOX = 100_000;
/** Longer texts are no words that somebody looks for. */
const MOST_SEARCHED = 300;
/** How long to wait whether more is typed, in milliseconds. */
const PAUSE = 250;
/** Pages to show, and beside an answer. */
const MOST = 20;
const FEW = 5;
const UNKNOWN =
  "Nothing is known of this. Try the words behind the code, the whole log line, or the bounce itself; or look for the code alone.";
/** Where this tab keeps what is in the box, for who goes back to it. */
const KEPT = "held";

const form = byId("form", HTMLFormElement);
const box = byId("held", HTMLTextAreaElement);
const bar = byId("bar", HTMLProgressElement);

/** Counts questions, so that an old one that ends late is not answered. */
let asked = 0;

/** Answer what somebody typed or pasted. */
async function ask(text: string): Promise<void> {
  remember(text);
  if (text.length > MOST_IN_BOX) return askLog(new Blob([text]));
  const question = ++asked;
  if (text === "") return show("");
  const { cards, readings, known, isBare } = (await reading()).answer(text);
  if (question !== asked) return;
  const told =
    readings === 0 ? [] : [`${many(readings, "answer")}.`, titleOf(cards)];
  // Before the search, which may have to be loaded.
  if (cards.length > 0) show(told.join(" ").trim(), ...cards);
  const advising = Promise.all(cards.map(advise));
  const found =
    isBare && text.length <= MOST_SEARCHED ? await pagesOf(text) : [];
  const others = found.filter(({ at }) => !known.has(at));
  const shown = others.slice(0, known.size > 0 ? FEW : MOST);
  if (question !== asked) return;
  const title = known.size > 0 ? "Similar" : "Pages about it";
  if (shown.length > 0) told.push(`${many(shown.length, "page")}.`);
  show(told.join(" ").trim() || UNKNOWN, ...cards, ...listOf(title, shown));
  await advising;
}

async function pagesOf(text: string): Promise<readonly Found[]> {
  const search = await searching();
  return search(text.replaceAll(/\s+/g, " "));
}

/** What the first of some answers says, for who listens. */
function titleOf([first]: readonly HTMLElement[]): string {
  return first?.querySelector("h2")?.textContent ?? "";
}

/** Answer a whole log. */
async function askLog(log: Blob): Promise<void> {
  const question = ++asked;
  show(`Reading ${(log.size / 1e6).toFixed(1)} MB`);
  bar.value = 0;
  bar.hidden = false;
  const reader = await reading();
  const progress = (part: number): void => {
    if (question === asked) bar.value = part;
  };
  const count = await countInBackground(log, progress, reader);
  if (question !== asked) return;
  const { lines, rows } = count;
  if (rows.length === 0) return show(`${many(lines, "line")} read. ${UNKNOWN}`);
  show(`${many(lines, "line")} read`, reader.tableOf(count));
}

/** Show answers, and say how many there are. */
function show(status: string, ...answers: readonly HTMLElement[]): void {
  bar.hidden = true;
  byId("answer", HTMLDivElement).replaceChildren(...answers);
  byId("status", HTMLParagraphElement).textContent = status;
}

function listOf(title: string, found: readonly Found[]): HTMLElement[] {
  if (found.length === 0) return [];
  const items = found.map(({ at, text, summary }) =>
    h("li", { "data-id": at }, linkTo(at, text), h("br"), summary),
  );
  const list = h("ul", { class: "entries" }, ...items);
  return [h("section", {}, h("h2", {}, title), list)];
}

/** How much is being done; the answer is whole when nothing is. */
let busy = 0;

/** Do what may fail, and say so where it does. */
function attempt(doing: Promise<void>): void {
  busyWith(1);
  doing
    .catch((error: unknown) => show(`This failed: ${String(error)}`))
    .finally(() => busyWith(-1));
}

function busyWith(more: number): void {
  busy += more;
  byId("answer", HTMLDivElement).ariaBusy = String(busy > 0);
}

/** Take a log that is not for the box. */
function take(log: Blob): void {
  box.value = "";
  attempt(askLog(log));
}

function listen(): void {
  let timer = 0;
  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => attempt(ask(box.value.trim())), PAUSE);
  });
  box.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    // A box with megabytes in it would freeze the page.
    if (text.length <= MOST_IN_BOX) return;
    event.preventDefault();
    take(new Blob([text]));
  });
  const file = byId("file", HTMLInputElement);
  file.addEventListener("change", () => {
    const [chosen] = file.files ?? [];
    if (chosen !== undefined) take(chosen);
  });
  document.addEventListener("dragover", (event) => event.preventDefault());
  document.addEventListener("drop", (event) => {
    const [dropped] = event.dataTransfer?.files ?? [];
    if (dropped === undefined) return;
    event.preventDefault();
    take(dropped);
  });
  box.addEventListener("keydown", (event) => {
    // With several lines, Enter makes another one.
    if (event.key !== "Enter" || event.shiftKey) return;
    if (!event.ctrlKey && box.value.includes("\n")) return;
    event.preventDefault();
    clearTimeout(timer);
    attempt(ask(box.value.trim()).then(goToAnswer));
  });
  window.addEventListener("hashchange", askAddress);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("click", ({ target }) => {
    const example = target instanceof HTMLElement && target.dataset["try"];
    if (!example) return;
    box.value = example;
    attempt(ask(example));
  });
  // Nobody waits for what is loaded by then.
  form.addEventListener("focusin", () => attempt(reading().then(() => {})));
}

/** Keep what is in the box until the tab is closed; a browser may refuse. */
function remember(text: string): void {
  try {
    sessionStorage.setItem(KEPT, text.slice(0, MOST_IN_BOX));
  } catch {
    // Then going back finds an empty box.
  }
}

function remembered(): string {
  try {
    return sessionStorage.getItem(KEPT) ?? "";
  } catch {
    return "";
  }
}

function goToAnswer(): void {
  byId("answer", HTMLDivElement).querySelector<HTMLElement>("a")?.focus();
}

/** Ask what the address asks: #q=5.7.1. Returns whether it asks. */
function askAddress(): boolean {
  const wanted = new URLSearchParams(location.hash.slice(1)).get("q");
  if (wanted === null) return false;
  box.value = wanted;
  attempt(ask(wanted.trim()));
  return true;
}

listen();
if (!askAddress()) {
  box.value ||= remembered();
  if (box.value !== "") attempt(ask(box.value.trim()));
}
