// Answers for the generated TypeScript package: typescript.js WHAT; see run.py.

import { readFileSync } from "node:fs";

import * as replies from "postfix-replies";
import type { Reply } from "postfix-replies";
import * as codes from "postfix-replies/codes";
import { enhancedCode, replyCode } from "postfix-replies/codes";
import type { EnhancedCode, ReplyCode } from "postfix-replies/codes";
import { details } from "postfix-replies/details";
import { format } from "postfix-replies/format";
import type { As } from "postfix-replies/format";
import { identify } from "postfix-replies/identify";
import type { Match } from "postfix-replies/identify";
import { all, byCode, byEnhanced, byId } from "postfix-replies/lookup";
import { pageOf } from "postfix-replies/page";
import { read, readAll } from "postfix-replies/read";
import type { Reading } from "postfix-replies/read";
import { reasonDetails } from "postfix-replies/reason-details";
import { formatReason } from "postfix-replies/reason-format";
import { identifyReason } from "postfix-replies/reason-identify";
import { allReasons, byDsn, reasonById } from "postfix-replies/reason-lookup";
import * as reasons from "postfix-replies/reasons";
import * as vocabularies from "postfix-replies/vocabularies";

type Row = Record<string, unknown>;

const camel = (name: string) => name.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());

/** The facts of something by the names that they have in the catalog. */
function told(of: object, names: string[]): Row {
  return Object.fromEntries(names.map((name) => [name, (of as Row)[camel(name)]]));
}

function* facts(nouns: Record<string, string[]>): Generator<unknown> {
  for (const reply of all) {
    yield { id: reply.id, ...told({ ...reply, ...details(reply) }, nouns["Reply"] ?? []) };
  }
  const sections: Record<string, Record<string, object>> = { ReplyCode: {}, EnhancedCode: {} };
  for (const [at, noun] of (nouns["vocabularies"] ?? []).entries()) {
    sections[noun] = vocabularies[nouns["sections"]![at] as keyof typeof vocabularies];
  }
  // Of unknown type, since a catalog may have no codes.
  for (const known of Object.values<unknown>(codes)) {
    if (typeof known === "function") continue;
    const noun = known as ReplyCode | EnhancedCode;
    sections[typeof noun.code === "number" ? "ReplyCode" : "EnhancedCode"]![noun.code] = noun;
  }
  yield Object.fromEntries(
    Object.entries(sections).map(([noun, members]) => [
      noun,
      Object.fromEntries(
        Object.entries(members).map(([key, member]) => [key, told(member, nouns[noun] ?? [])]),
      ),
    ]),
  );
  yield lookups();
}

function lookups(): unknown {
  const by_code: Record<number, string[]> = {};
  const by_enhanced: Record<string, string[]> = {};
  const ids = (found: readonly Reply[]) => found.map((reply) => reply.id);
  for (const reply of all) {
    if (byId(reply.id) !== reply) throw new Error(reply.id);
    if (!Object.values(replies).includes(reply as never)) throw new Error(reply.id);
    for (const { code, enhanced } of details(reply).variants) {
      by_code[code] = ids(byCode(code));
      if (enhanced !== null) by_enhanced[enhanced] = ids(byEnhanced(enhanced));
    }
  }
  const known = all.filter((reply) => (reply.words as string) !== "unknown");
  const text = known.find((reply) => !reply.text.includes("{"))?.text;
  return {
    by_code,
    by_enhanced,
    unknown: [byCode(299).length, byEnhanced("5.9.9").length],
    registered: ["", "3.1.10", "4.99.1", "4.1.10 ", "X.1.10"].map(
      (code) => enhancedCode(code) !== undefined,
    ),
    codes: Array.from({ length: 400 }, (_, at) => 200 + at).filter((code) => replyCode(code)),
    pages: all.map(pageOf),
    retryable: [250, 354, 450, 550].map((code) => identify(`${code} ${text}`)?.retryable),
  };
}

function* reasonFacts(nouns: Record<string, string[]>): Generator<unknown> {
  const by_dsn: Record<string, string[]> = {};
  for (const reason of allReasons) {
    if (reasonById(reason.id) !== reason) throw new Error(reason.id);
    if (!Object.values<unknown>(reasons).includes(reason)) throw new Error(reason.id);
    yield { id: reason.id, ...told({ ...reason, ...reasonDetails(reason) }, nouns["Reason"] ?? []) };
    for (const dsn of reason.dsn as readonly string[]) by_dsn[dsn] = byDsn(dsn).map((one) => one.id);
  }
  yield { by_dsn, unknown: byDsn("").length, pages: allReasons.map(pageOf) };
}

function known(asked: string | [number, string]): Match | undefined {
  if (typeof asked === "string") return identify(asked);
  const [code, text] = asked;
  const match = identify(code, text);
  const same = identify(code, new TextEncoder().encode(text));
  if (JSON.stringify(match) !== JSON.stringify(same)) throw new Error(text);
  return match;
}

function identified(asked: string | [number, string]): unknown {
  const match = known(asked);
  if (match === undefined) return null;
  const { reply, code, enhanced, params, expected, form, closes, tail, repairs } = match;
  const { verdict, mustAct: must_act, retry } = match;
  const said = { id: reply.id, code, enhanced, params, expected, form, closes, tail, repairs };
  return { ...said, verdict, must_act, retry };
}

function acts(reading: Reading | null): unknown {
  if (reading === null) return null;
  const { mustAct: must_act, retry, reasonMatch } = reading;
  const alone = reasonMatch && [reasonMatch.verdict, reasonMatch.mustAct, reasonMatch.retry];
  const reason = reading.reason?.id ?? null;
  return { must_act, retry, reason, alone, inner: acts(reading.inner) };
}

interface Asked extends As {
  readonly id: string;
  readonly params: Record<string, string>;
}

function formatted({ id, params, ...as }: Asked): string | null {
  const reply = byId(id);
  if (reply === undefined) throw new Error(id);
  return unlessRefused(() => format(reply, params, as));
}

function reasonFormatted({ id, params, ...as }: Asked): string | null {
  const reason = reasonById(id);
  if (reason === undefined) throw new Error(id);
  return unlessRefused(() => formatReason(reason, params, as));
}

function unlessRefused(write: () => string): string | null {
  try {
    return write();
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
    for (const row of facts(JSON.parse(readFileSync(0, "utf8")))) print(row);
    break;
  case "json":
    for (const line of lines()) {
      const match = identify(JSON.parse(line) as string);
      print(match === undefined ? null : JSON.stringify(match));
    }
    break;
  case "read":
    for (const line of lines()) print(read(JSON.parse(line)) ?? null);
    break;
  case "read_all":
    for (const line of lines()) print(readAll(JSON.parse(line)));
    break;
  case "acts":
    for (const line of lines()) print(acts(read(JSON.parse(line)) ?? null));
    break;
  case "format":
    for (const line of lines()) print(formatted(JSON.parse(line) as Asked));
    break;
  case "reason":
    for (const line of lines()) print(identifyReason(JSON.parse(line) as string) ?? null);
    break;
  case "reason_format":
    for (const line of lines()) print(reasonFormatted(JSON.parse(line) as Asked));
    break;
  case "reason_facts":
    for (const row of reasonFacts(JSON.parse(readFileSync(0, "utf8")))) print(row);
    break;
  default:
    for (const line of lines()) print(identified(JSON.parse(line) as string | [number, string]));
}
process.stdout.write(out.map((line) => `${line}\n`).join(""));
