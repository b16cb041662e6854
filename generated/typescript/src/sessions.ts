/*
 * From the transcript of an SMTP session to the refusals in it: a notice to the
 * postmaster, what curl, swaks or telnet show, the debug lines of libraries.
 */

import { before, behind, trimStart, uppered } from "./cutting.js";
import { Fields } from "./fields.js";
import { codeOf } from "./identify.js";
import { ofReply } from "./reading.js";
import type { Reading } from "./reading.js";
import { addressEnd } from "./tails.js";
import type { Kind, Speaker } from "./types.js";
import { clients, isReply } from "./wrapped.js";
import { MARKS } from "./wrappers.js";

// prettier-ignore
const VERBS = [
  "AUTH", "BDAT", "DATA", "EHLO", "ETRN", "HELO", "LHLO", "MAIL", "NOOP", "QUIT",
  "RCPT", "RSET", "STARTTLS", "VRFY", "XCLIENT", "XFORWARD",
];
/** Characters of a mark that counts at the beginning of a line only. */
const LONGEST_MARK = 6;
const REFUSED = 400;
const SERVER_NOTICE = "SMTP server: errors from ";
const CLIENT_NOTICE = "client: errors from ";

/** A line of a conversation, and who sent it: client or server. */
interface Sent {
  readonly by: string;
  readonly line: string;
}

/** Who it is that refuses, who that is, and what is known of the session. */
interface Parties {
  readonly server: string;
  readonly speaker: Speaker;
  readonly about: Fields;
}

/** The refusals of a transcript in order; empty where the text is none. */
export function readSession(text: string): Reading[] {
  const lines = text.replaceAll("\r", "").split("\n");
  const marked = lines.flatMap((line) => markedIn(line) ?? []);
  const kind = marked[0]?.kind;
  if (kind !== undefined) return refusals(kind, marked, partiesOf(text, kind));
  const sent = lines.map((line) => ({ by: senderOf(line), line }));
  if (sent.filter(({ by }) => by === "server").length < 2) return [];
  const about = new Fields();
  return refusals("client_session", sent, {
    server: "server",
    speaker: "server",
    about,
  });
}

/** Who sent a line without a mark. */
function senderOf(line: string): string {
  return isReply(line) ? "server" : "client";
}

/** A line with a mark. */
interface Marked extends Sent {
  /** What the mark says the text is. */
  readonly kind: Kind;
}

/** A line without its mark, undefined where it has none. */
function markedIn(line: string): Marked | undefined {
  for (const { text, sentBy, kind } of MARKS) {
    const anywhere = text.length > LONGEST_MARK;
    if (!(anywhere ? line.includes(text) : line.startsWith(text))) continue;
    const said = behind(line, text);
    if (sentBy === "client" || isReply(said)) {
      return { kind, by: sentBy, line: said };
    }
  }
  return undefined;
}

/** Who it is that refuses, and who that is; the subject of a notice turns it over. */
function partiesOf(text: string, kind: string): Parties {
  const about = new Fields();
  if (kind !== "postmaster_transcript") {
    return { server: "server", speaker: "server", about };
  }
  if (text.includes(CLIENT_NOTICE)) {
    return { server: "client", speaker: "remote", about };
  }
  clients(before(behind(text, SERVER_NOTICE), "\n"), about);
  return { server: "server", speaker: "smtpd", about };
}

/** The refusals of a conversation, each with the command that it answers. */
function refusals(
  kind: Kind,
  sent: readonly Sent[],
  { server, speaker, about }: Parties,
): Reading[] {
  const readings: Reading[] = [];
  const asked: string[] = [];
  // Commands that have an answer.
  let answered = 0;
  let sender = "";
  let reply: string[] = [];
  for (const { by, line } of sent) {
    if (by !== server) {
      if (isCommand(line)) asked.push(line);
      continue;
    }
    if (!isReply(line)) continue;
    reply.push(line);
    if (line.charAt(3) === "-") continue;
    const command = asked[answered] ?? "";
    if (command !== "") answered++;
    sender = addressIn(command, "MAIL FROM:") || sender;
    if (codeOf(line) >= REFUSED) {
      const fields = fieldsOf(about, command, sender);
      readings.push(ofReply(kind, speaker, reply.join("\n"), fields));
    }
    reply = [];
  }
  return readings;
}

function isCommand(line: string): boolean {
  const upper = uppered(line);
  return VERBS.some((verb) => upper.startsWith(verb));
}

/** What is known around an answer to a command. */
function fieldsOf(about: Fields, command: string, sender: string): Fields {
  const fields = about.with();
  if (sender !== "") fields.set("from", sender);
  const recipient = addressIn(command, "RCPT TO:");
  if (recipient !== "") fields.set("to", recipient);
  if (command !== "") {
    // What follows AUTH is a password, or nearly.
    const secret = uppered(command).startsWith("AUTH ");
    const shown = secret ? command.split(" ", 2).join(" ") : command;
    fields.set("command", shown);
  }
  return fields;
}

/** The address in a command, empty where it is another command. */
function addressIn(command: string, verb: string): string {
  if (!uppered(command).startsWith(verb)) return "";
  const rest = trimStart(command.slice(verb.length), " ");
  if (!rest.startsWith("<")) return "";
  const end = addressEnd(rest, 1);
  // Not quoted, or not closed.
  return rest.slice(1, end < 0 ? Math.max(rest.lastIndexOf(">"), 1) : end);
}
