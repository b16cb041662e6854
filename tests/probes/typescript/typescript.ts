// Answers for the generated TypeScript package: typescript.js identify|json|format|facts.

import { readFileSync } from "node:fs";

import * as replies from "postfix-replies";
import type { Reply } from "postfix-replies";
import { CATEGORIES } from "postfix-replies/categories";
import { enhancedCode, replyCode } from "postfix-replies/codes";
import { details } from "postfix-replies/details";
import { format } from "postfix-replies/format";
import type { As } from "postfix-replies/format";
import { identify } from "postfix-replies/identify";
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
    must_act: reply.mustAct,
    retry: reply.retry,
    retry_note: more.retryNote,
    closes: reply.closes,
    multiline: more.multiline,
    daemons: more.daemons,
    stages: more.stages,
    cause: more.cause,
    sender_action: more.senderAction,
    client_action: more.clientAction,
    operator_action: more.operatorAction,
    settings: more.settings.map((each) => [each.name, each.moves, each.default]),
    twins: more.twins.map((each) => [each.id, each.difference]),
    since: more.since,
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
  const plain = all.find((reply) => !reply.text.includes("{"))?.text;
  const retryable = [250, 354, 450, 550].map((code) => identify(`${code} ${plain}`)?.retryable);
  return { by_code: codes, by_enhanced: enhanced, unknown, retryable, ...general() };
}

function general(): Record<string, unknown> {
  const used = new Set(all.map((reply) => reply.category));
  const categories = Object.fromEntries(
    [...used].map((name) => {
      const { meaning, sisimai, kumomta, sparkpost, ses, enhanced } = CATEGORIES[name];
      return [name, [meaning, sisimai, kumomta, sparkpost, ses, enhanced]];
    }),
  );
  const reply_codes: Record<number, unknown> = {};
  for (let code = 200; code < 600; code++) {
    const each = replyCode(code);
    if (each) reply_codes[each.code] = [each.meaning, each.reference];
  }
  const enhanced_codes: Record<string, unknown> = {};
  for (let at = 0; at < 600; at++) {
    const each = enhancedCode(`4.${Math.floor(at / 60)}.${at % 60}`);
    if (each) {
      enhanced_codes[each.code] = [each.name, each.meaning, each.replyCodes, each.reference];
    }
  }
  const unregistered = ["", "3.1.10", "4.99.1", "4.1.10 ", "X.1.10"].map(
    (each) => enhancedCode(each) === undefined,
  );
  return { categories, reply_codes, enhanced_codes, unregistered };
}

function identified(line: string): unknown {
  const match = identify(line);
  if (match === undefined) return null;
  const { reply, code, enhanced, params, expected, form, closes } = match;
  return { id: reply.id, code, enhanced, params, expected, form, closes };
}

interface Asked extends As {
  readonly id: string;
  readonly params: Record<string, string>;
}

function formatted({ id, params, ...as }: Asked): string | null {
  const reply = byId(id);
  if (reply === undefined) throw new Error(id);
  try {
    return format(reply, params, as);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}

function* lines(): Generator<string> {
  const text = readFileSync(0, "utf8");
  for (let at = 0; at < text.length; ) {
    const end = text.indexOf("\n", at);
    yield text.slice(at, end < 0 ? text.length : end);
    at = end < 0 ? text.length : end + 1;
  }
}

const out: string[] = [];
const print = (value: unknown) => out.push(JSON.stringify(value));
switch (process.argv[2]) {
  case "facts":
    for (const reply of all) print(facts(reply));
    print(lookups());
    break;
  case "json":
    for (const line of lines()) {
      const match = identify(JSON.parse(line) as string);
      print(match === undefined ? null : JSON.stringify(match));
    }
    break;
  case "format":
    for (const line of lines()) print(formatted(JSON.parse(line) as Asked));
    break;
  default:
    for (const line of lines()) print(identified(JSON.parse(line) as string));
}
process.stdout.write(out.map((line) => `${line}\n`).join(""));
