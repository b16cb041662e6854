import type { Count, Progress } from "./logs.ts";
import type { Reader, Said } from "./reader.ts";

/** Count what a log says in the background; in slices where there are no workers. */
export function countInBackground(
  log: Blob,
  progress: Progress,
  reader: Reader,
): Promise<Count> {
  const worker = workerOf("reader.js");
  if (worker === undefined) return reader.countLog(log, progress);
  return new Promise<Count>((resolve, reject) => {
    worker.onmessage = ({ data }: MessageEvent<Said>): void => {
      if (data.part !== undefined) progress(data.part);
      if (data.count !== undefined) resolve(data.count);
      if (data.error !== undefined) reject(new Error(data.error));
    };
    // Where a worker may not start, such as from file:// in some browsers.
    worker.onerror = (): void => resolve(reader.countLog(log, progress));
    worker.postMessage(log);
  }).finally(() => worker.terminate());
}

function workerOf(script: string): Worker | undefined {
  try {
    return new Worker(script);
  } catch {
    return undefined;
  }
}
