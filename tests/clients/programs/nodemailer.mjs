// Sends a message for each line of standard input and prints what nodemailer threw.
import { createInterface } from "node:readline";
import { inspect } from "node:util";
import { createRequire } from "node:module";

const nodemailer = createRequire(process.argv[2] + "/")("nodemailer");

const named = (error) => ({ type: "Error", message: error.message, stack: error.stack });

for await (const line of createInterface({ input: process.stdin })) {
  const job = JSON.parse(line);
  const transport = nodemailer.createTransport({
    host: "127.0.0.1",
    port: job.port,
    ignoreTLS: true,
    name: "client.example.org",
    auth: job.login ? { user: "anna", pass: "secret" } : undefined,
  });
  try {
    const sent = await transport.sendMail({ from: job.from, to: job.to, subject: "x", text: "x" });
    console.log(JSON.stringify({ name: job.name, texts: { returned: inspect(sent) } }));
  } catch (error) {
    const texts = {
      message: error.message,
      string: String(error),
      stack: error.stack,
      inspected: inspect(error),
      logged: `2026-11-25T06:07:08.123Z error: ${error.stack}`,
      json: JSON.stringify(error),
      pino: JSON.stringify({ level: 50, err: { ...error, ...named(error) }, msg: "not sent" }),
      prefixed: `2026-11-25T06:07:08.123Z [error] not sent ${JSON.stringify(error)}`,
    };
    console.log(JSON.stringify({ name: job.name, texts }));
  }
}
