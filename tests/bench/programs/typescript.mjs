// Times identify of the TypeScript package: typescript.mjs INPUT.json, beside its node_modules.

import { readFileSync } from "node:fs";

import { identify } from "postfix-replies/identify";

const given = JSON.parse(readFileSync(process.argv[2], "utf8"));
const patterns = given.patterns.map((pattern) => new RegExp(`^(?:${pattern})$`, "s"));
const texts = new Map(given.texts.map((text) => [text, 1]));
let sink = 0; // what it counts is not optimised away

function regexes(line) {
  for (const pattern of patterns) {
    const match = pattern.exec(line);
    if (match) return match;
  }
  return undefined;
}

function angles(line) {
  let count = 0;
  for (let at = line.indexOf(">: "); at >= 0; at = line.indexOf(">: ", at + 3)) count++;
  return count;
}

const floor = (line) => texts.get(line.split(" ", 3)[2]);
const split = (line) => line.split(" ", 3).length > 9;
const runs = { identify, regexes, floor, split, angles };

function nsPerLine(run, lines) {
  const fresh = lines.map((line) => Buffer.from(line).toString());
  const start = process.hrtime.bigint();
  for (const line of fresh) if (run(line)) sink++;
  return Number(process.hrtime.bigint() - start) / lines.length;
}

function median(values) {
  const sorted = values.sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

const ns = {};
for (const [name, lines] of Object.entries(given.sets)) {
  const times = {};
  for (let round = 0; round < given.rounds; round++) {
    for (const [run, call] of Object.entries(runs)) {
      if (run !== "identify" && !given.against.includes(name)) continue;
      (times[run] ??= []).push(nsPerLine(call, lines));
    }
  }
  ns[name] = Object.fromEntries(Object.entries(times).map(([run, all]) => [run, median(all)]));
}
console.log(JSON.stringify(ns));
