import { all } from "postfix-replies/lookup";
import { ROWS } from "postfix-replies/tables";
import { FOREIGN, REASONS } from "postfix-replies/wrappers";

/** What the reader knows of a reply or reason, and the search looks through. */
export interface Known {
  readonly at: string;
  readonly text: string;
  readonly summary: string;
  readonly codes: string;
  /** All texts that a line can have. */
  readonly texts: string;
}

/** All replies and reasons. */
export function known(): Known[] {
  const texts = new Map<string, string[]>();
  const add = (id: string, text: string): void => {
    texts.set(id, [...(texts.get(id) ?? []), text]);
  };
  for (const { owners } of ROWS) {
    for (const { reply, text } of owners) add(reply.id, text);
  }
  for (const { reason, text } of REASONS) add(reason.id, text);
  const told = (id: string): string => (texts.get(id) ?? []).join(" ");
  const replies = all.map(({ id, code, enhanced, text, summary }) => {
    const codes = enhanced === null ? `${code}` : `${code} ${enhanced}`;
    return {
      at: id,
      text: `${codes} ${text}`,
      summary,
      codes,
      texts: told(id),
    };
  });
  const ofDelivery = [...REASONS, ...FOREIGN].map(({ reason }) => reason);
  const reasons = [...new Set(ofDelivery)].map(({ id, dsn, text, summary }) => {
    return { at: id, text, summary, codes: dsn.join(" "), texts: told(id) };
  });
  return [...replies, ...reasons];
}
