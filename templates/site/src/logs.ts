import { readLines } from "postfix-replies/read";
import type { Reading } from "postfix-replies/read";

/** Lines that say the same. */
export interface Row {
  readonly outcome: string;
  /** Its page on this site. */
  readonly at: string;
  readonly text: string;
  readonly summary: string;
  readonly mustAct: string;
  readonly retry: string;
  readonly example: string;
  count: number;
}

/** What a log says. */
export interface Count {
  readonly lines: number;
  readonly rows: readonly Row[];
}

export type Progress = (part: number) => void;

/** How long the page may stand still, in milliseconds. */
const SLICE = 20;
const LONGEST = 500;
/** What a log repeats of servers that are no Postfix, by their codes. */
const OTHER = "Words of another server, or of an operator";
/** A text that is the words of others alone. */
const HOLE = /^\{\w+\}$/;

/** Counts readings by what they say. */
export class Counter {
  lines = 0;
  readonly #rows = new Map<string, Row>();

  add(reading: Reading, example: string): void {
    if (reading.line === null && reading.words === null) return;
    const said = reading.reply ?? reading.reason;
    const outcome = reading.outcome ?? "";
    const at = said?.id ?? codesOf(reading);
    const key = `${outcome} ${at} ${reading.mustAct} ${reading.retry}`;
    const row = this.#rows.get(key);
    if (row !== undefined) row.count++;
    else this.#rows.set(key, rowOf(reading, outcome, at, example));
  }

  /** What was counted so far: what Postfix said, the most frequent first, and then the rest. */
  get result(): Count {
    const rows = [...this.#rows.values()].sort(
      (a, b) => Number(isOther(a)) - Number(isOther(b)) || b.count - a.count,
    );
    return { lines: this.lines, rows };
  }
}

function isOther({ at }: Row): boolean {
  return at === "" || at.includes("/");
}

function codesOf({ code, enhanced }: Reading): string {
  if (enhanced !== null) return `enhanced/#X${enhanced.slice(1)}`;
  return code === null ? "" : `codes/#${code}`;
}

function rowOf(
  reading: Reading,
  outcome: string,
  at: string,
  example: string,
): Row {
  const said = reading.reply ?? reading.reason;
  const codes = [reading.code, reading.enhanced].filter((one) => one !== null);
  return {
    outcome,
    at,
    text: said === null ? codes.join(" ") : said.text.replace(HOLE, ""),
    summary: said?.summary ?? OTHER,
    mustAct: reading.mustAct ?? "",
    retry: reading.retry ?? "",
    example: example.slice(0, LONGEST),
    count: 1,
  };
}

/** Count what a log says, in slices, so that whoever waits for it can go on. */
export async function countLog(log: Blob, progress: Progress): Promise<Count> {
  const counter = new Counter();
  let since = performance.now();
  for await (const [lines, part] of chunksOf(log)) {
    for (const line of lines) {
      counter.lines++;
      for (const reading of readLines([line])) counter.add(reading, line);
      if ((counter.lines & 63) !== 0 || performance.now() - since < SLICE) {
        continue;
      }
      progress(part);
      await pause();
      since = performance.now();
    }
  }
  return counter.result;
}

function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** The lines of a log as they come, and how much of it that is. */
async function* chunksOf(
  log: Blob,
): AsyncGenerator<readonly [readonly string[], number]> {
  const read = { bytes: 0 };
  const decoder = new TextDecoder();
  const reader = (await unpacked(log, read)).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    const lines = (rest + decoder.decode(value, { stream: !done })).split("\n");
    rest = lines.pop() ?? "";
    // Behind the last line break there is no line.
    if (done && rest !== "") lines.push(rest);
    yield [lines, read.bytes / log.size];
    if (done) return;
  }
}

/** A log without its compression; counts the bytes that were read of it. */
async function unpacked(
  log: Blob,
  read: { bytes: number },
): Promise<ReadableStream<Uint8Array>> {
  const counted = log.stream().pipeThrough(
    new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
      transform(chunk, controller): void {
        read.bytes += chunk.length;
        controller.enqueue(chunk);
      },
    }),
  );
  const [first, second] = new Uint8Array(await log.slice(0, 2).arrayBuffer());
  if (first !== 0x1f || second !== 0x8b) return counted;
  return counted.pipeThrough(new DecompressionStream("gzip"));
}
