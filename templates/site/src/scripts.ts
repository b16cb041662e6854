import type { Reader } from "./reader.ts";
import type { Search } from "./search.ts";

/** Load a script beside the page, once; nothing may be fetched in any other way. */
export function loader<T>(
  name: string,
  made: () => T | undefined,
): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () =>
    (loading ??= new Promise<T>((resolve, reject) => {
      const script = document.createElement("script");
      const fail = (): void => reject(new Error(`${name} is missing`));
      script.src = name;
      script.onerror = fail;
      script.onload = (): void => {
        const found = made();
        if (found === undefined) fail();
        else resolve(found);
      };
      document.head.append(script);
    }));
}

/** What reads logs, bounces and errors. */
export const reading: () => Promise<Reader> = loader(
  "reader.js",
  () => globalThis.postfixReader,
);

const search: () => Promise<Search> = loader(
  "search.js",
  () => globalThis.postfixSearch,
);

/** What looks for pages, among what the reader knows. */
export const searching = (): Promise<Search> => reading().then(search);
