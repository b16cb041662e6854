import type { Family, Row } from "./rows.ts";
import { ROWS } from "./tables.ts";

/** First words of texts that can be seen with more behind them, and those texts. */
export interface Front {
  readonly lead: string;
  readonly rows: Row[];
  /** The place of the longest other first words that these begin with, or -1. */
  readonly parent: number;
}

/** By how a text opens, sorted by the first words. */
export const FRONTS: Readonly<Record<Family, readonly Front[]>> = {
  plain: /* @__PURE__ */ frontsOf("plain"),
  angle: /* @__PURE__ */ frontsOf("angle"),
  host: /* @__PURE__ */ frontsOf("host"),
};

function frontsOf(family: Family): Front[] {
  const found = new Map<string, Row[]>();
  for (const row of ROWS) {
    if (row.family !== family || !isFront(row)) continue;
    const [lead = ""] = row.shape;
    const rows = found.get(lead);
    if (rows === undefined) found.set(lead, [row]);
    else rows.push(row);
  }
  const fronts: Front[] = [];
  for (const [lead, rows] of [...found].sort(byLead)) {
    fronts.push({ lead, rows, parent: parentOf(lead, fronts) });
  }
  return fronts;
}

/** Whether it can be seen with more behind it: it does not end in a text hole. */
function isFront({ shape }: Row): boolean {
  return shape[shape.length - 1] !== "" || shape[shape.length - 2] !== "text";
}

function byLead([one]: [string, unknown], [other]: [string, unknown]): number {
  return one < other ? -1 : 1;
}

/** The place of the longest of sorted first words that others, which come next, begin with. */
function parentOf(lead: string, fronts: readonly Front[]): number {
  let at = fronts.length - 1;
  for (let front = fronts[at]; front !== undefined; front = fronts[at]) {
    if (lead.startsWith(front.lead)) break;
    at = front.parent;
  }
  return at;
}
