// Reads a log: typescript.mjs LOG. Prints how many lines had an id.
import { createReadStream } from "node:fs";

import { readLines } from "postfix-replies/read";

let known = 0;
let rest = "";
const count = (lines) => {
  for (const reading of readLines(lines)) {
    if (reading.match !== null) known++;
  }
};
for await (const chunk of createReadStream(process.argv[2], {
  encoding: "utf8",
  highWaterMark: 1 << 20,
})) {
  const lines = (rest + chunk).split("\n");
  rest = lines.pop();
  count(lines);
}
count([rest]);
console.log(known);
