import { h, linkTo } from "./dom.ts";
import { loader } from "./scripts.ts";

/** What a party can do: its name, for whom that is, the advice, and whether it must act. */
type Role = readonly [name: string, who: string, told: string, acts: boolean];

/** What to do about a reply or reason. */
interface Advice {
  readonly roles: readonly Role[];
  /** What else it can mean, by what was filled in, and what to do then. */
  readonly verdicts: Readonly<Record<string, string>>;
  /** The main.cf settings that affect it. */
  readonly settings: readonly string[];
}

declare global {
  // The scripts beside the pages of entries put it here, by id.
  var postfixAdvice: Readonly<Record<string, Advice>> | undefined;
}

/** More settings are on the page of the entry. */
const MOST_SETTINGS = 4;

/** Add to an answer what to do, of which each entry has a script of its own. */
export async function advise(answer: HTMLElement): Promise<void> {
  const place = answer.querySelector<HTMLElement>("[data-advice]");
  const { advice: id, verdict = "", speaker } = place?.dataset ?? {};
  if (!place || !id) return;
  const load = loader(`${id}/advice.js`, () => globalThis.postfixAdvice?.[id]);
  const { roles, verdicts, settings } = await load();
  const here = verdicts[verdict];
  const all = roles.map(told);
  const first = here === undefined ? all.shift() : h("p", {}, here);
  const title = here === undefined ? "What others can do" : "In general";
  const whose = speaker === "remote" ? " of that server" : "";
  place.append(
    h("h3", {}, "What to do"),
    ...(first ? [first] : []),
    ...settingsOf(`Settings${whose}: `, settings),
    h("details", {}, h("summary", {}, title), ...all),
  );
}

function told([, who, said]: Role): HTMLElement {
  return h("p", {}, h("b", {}, `${who}: `), said);
}

function settingsOf(label: string, names: readonly string[]): HTMLElement[] {
  if (names.length === 0) return [];
  const links = names
    .slice(0, MOST_SETTINGS)
    .flatMap((name, nth) => [
      nth > 0 ? ", " : "",
      linkTo(`settings/${name}`, name),
    ]);
  const more = names.length > MOST_SETTINGS ? " and more" : "";
  return [h("p", {}, label, ...links, more)];
}
