import { readAll } from "postfix-replies/read";
import type { Reading } from "postfix-replies/read";
import { answerOf, tableOf } from "./answers.ts";
import { known } from "./known.ts";
import type { Known } from "./known.ts";
import { Counter, countLog } from "./logs.ts";
import type { Count, Progress } from "./logs.ts";

/** What a text says. */
export interface Answer {
  readonly cards: readonly HTMLElement[];
  /** How many readings there are. */
  readonly readings: number;
  /** The pages that the cards lead to. */
  readonly known: ReadonlySet<string>;
  /** Whether it was words alone, which somebody may look for. */
  readonly isBare: boolean;
}

/** What this script has for the page, which loads it when it is needed. */
export interface Reader {
  readonly answer: (text: string) => Answer;
  readonly countLog: (log: Blob, progress: Progress) => Promise<Count>;
  readonly tableOf: (count: Count) => HTMLElement;
  /** All replies and reasons, for the search. */
  readonly known: () => Known[];
}

declare global {
  var postfixReader: Reader | undefined;
}

/** What a worker says: how far it is, the end, or what went wrong. */
export interface Said {
  readonly part?: number;
  readonly count?: Count;
  readonly error?: string;
}

/** What a text is that has nothing around the words. */
const BARE: ReadonlySet<string> = new Set(["reason", "reply"]);
const CODES = /^[2-5]\d\d(?:[ -]|$)(?:[245]\.\d+\.\d+)?/;
/** More readings are told in a table. */
const MOST_CARDS = 3;

function answer(text: string): Answer {
  const all = readAll(text);
  const isAlone = all.length === 1 && all.every((one) => !isBare(one));
  const readings = isAlone ? all : all.filter(speaks);
  const sure = readings.filter(({ reply, reason }) => reply ?? reason);
  const told = sure.length > 0 ? sure : readings;
  const isTable = readings.length > MOST_CARDS;
  return {
    cards: isTable ? [tableOf(counted(readings, text))] : told.map(answerOf),
    readings: isTable ? readings.length : told.length,
    known: new Set(sure.map(({ reply, reason }) => (reply ?? reason)!.id)),
    isBare: all.every(isBare),
  };
}

function isBare({ kind }: Reading): boolean {
  return BARE.has(kind);
}

/** Whether somebody says something in it, and not a code alone. */
function speaks({ line, words }: Reading): boolean {
  const said = (line ?? words ?? "").replace(CODES, "");
  return said.trim() !== "";
}

function counted(readings: readonly Reading[], text: string): Count {
  const counter = new Counter();
  counter.lines = text.split("\n").length;
  for (const reading of readings) {
    counter.add(reading, reading.line ?? reading.words ?? "");
  }
  return counter.result;
}

/** Count what logs say, in the worker that this script then is. */
function serve(): void {
  addEventListener("message", (event: MessageEvent<Blob>) => {
    const say = (said: Said): void => postMessage(said);
    countLog(event.data, (part) => say({ part })).then(
      (count) => say({ count }),
      (error: unknown) => say({ error: String(error) }),
    );
  });
}

globalThis.postfixReader = { answer, countLog, tableOf, known };
if (!("document" in globalThis)) serve();
