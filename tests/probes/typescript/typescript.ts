// Answers for the generated TypeScript package: typescript.js facts.

import * as replies from "postfix-replies";
import type { Reply } from "postfix-replies";
import { details } from "postfix-replies/details";
import { all, byCode, byEnhanced, byId } from "postfix-replies/lookup";

function facts(reply: Reply): unknown {
  const more = details(reply);
  return {
    id: reply.id,
    code: reply.code,
    enhanced: reply.enhanced,
    text: reply.text,
    summary: reply.summary,
    category: reply.category,
    severity: reply.severity,
    fault: reply.fault,
    daemons: more.daemons,
    stages: more.stages,
    cause: more.cause,
    sender_action: more.senderAction,
    operator_action: more.operatorAction,
    settings: more.settings,
    until: more.until,
    note: more.note,
    variants: more.variants.map((each) => [each.code, each.enhanced, each.when]),
    forms: more.forms.map((each) => [each.form, each.text, each.note]),
  };
}

function lookups(): unknown {
  const codes: Record<number, string[]> = {};
  const enhanced: Record<string, string[]> = {};
  const ids = (found: readonly Reply[]) => found.map((reply) => reply.id);
  for (const reply of all) {
    if (byId(reply.id) !== reply) throw new Error(reply.id);
    if (!Object.values(replies).includes(reply as never)) throw new Error(reply.id);
    for (const each of details(reply).variants) {
      codes[each.code] = ids(byCode(each.code));
      if (each.enhanced !== null) enhanced[each.enhanced] = ids(byEnhanced(each.enhanced));
    }
  }
  const unknown = [byCode(299).length, byEnhanced("5.9.9").length];
  return { by_code: codes, by_enhanced: enhanced, unknown };
}

for (const reply of all) console.log(JSON.stringify(facts(reply)));
console.log(JSON.stringify(lookups()));
