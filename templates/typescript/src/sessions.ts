/*
 * From the transcript of an SMTP session to the refusals in it: a notice to the
 * postmaster, what curl, swaks or telnet show, the debug lines of libraries.
 */

import { literal } from "./clients.ts";
import {
  before,
  behind,
  BLANKS,
  trim,
  trimEnd,
  trimStart,
  uppered,
} from "./cutting.ts";
import { Fields } from "./fields.ts";
import { codeOf } from "./identify.ts";
import { ofReply, Reading } from "./reading.ts";
import { addressEnd } from "./tails.ts";
import type { Kind, Speaker } from "./types.ts";
import { clients, isReply } from "./wrapped.ts";
import { MARKS } from "./wrappers.ts";

// prettier-ignore
const COMMANDS = [
  "AUTH ", "BDAT ", "EHLO ", "ETRN ", "HELO ", "LHLO ", "MAIL FROM:", "RCPT TO:",
  "VRFY ", "XCLIENT ", "XFORWARD ",
];
/** Commands that are a word. */
const WHOLE = ["DATA", "NOOP", "QUIT", "RSET", "STARTTLS"];
/** Characters of a mark that counts at the beginning of a line only. */
const LONGEST_MARK = 6;
const REFUSED = 400;
/** With which the mark of a literal of Python ends. */
const QUOTES = "'\"";
/** The marks of a notice (smtpd/smtpd_chat.c:smtpd_chat_notify). */
const NOTED = [" Out: ", " In:  "];
const FOLDED = "     ";
const ABORTED = "\nSession aborted, reason: ";
const SERVER_NOTICE = "SMTP server: errors from ";
const CLIENT_NOTICE = "client: errors from ";

/** A line of a conversation, and who sent it: client, server, or nobody that is known. */
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

/** The refusals of a transcript in order; without any, the session; empty where it is none. */
export function readSession(text: string): Reading[] {
  const lines = text.replaceAll("\r", "").split("\n");
  const marked = unfolded(lines).map(markedIn);
  const kind = marked.find((one) => one.kind && isReply(one.line))?.kind;
  if (kind) {
    const parties = partiesOf(text, kind);
    const refused = refusals(kind, marked, parties);
    return refused.length > 0 ? refused : [unrefused(kind, text, parties)];
  }
  const sent = lines.map((line) => ({ by: senderOf(line), line }));
  if (sent.filter(({ by }) => by === "server").length < 2) return [];
  if (!isConversation(lines)) return [];
  const about = new Fields();
  return refusals("client_session", sent, {
    server: "server",
    speaker: "server",
    about,
  });
}

/** A session in which nothing was refused, and why it ended, if a notice says so. */
function unrefused(kind: Kind, text: string, { about }: Parties): Reading {
  const why = before(behind(text, ABORTED), "\n");
  return new Reading(kind, null, null, why || null, about);
}

/** The lines of a notice to the postmaster, which folds the long ones behind its marks. */
function unfolded(lines: readonly string[]): string[] {
  const pieces: string[][] = [];
  let noted = false;
  for (const line of lines) {
    if (noted && line.startsWith(FOLDED)) {
      pieces[pieces.length - 1]?.push(trim(line, BLANKS));
    } else {
      pieces.push([line]);
      noted = NOTED.some((mark) => line.startsWith(mark));
    }
  }
  return pieces.map((said) => said.join(" "));
}

/** Whether lines without marks have a command, or are replies and nothing else. */
function isConversation(lines: readonly string[]): boolean {
  const others = lines.filter((line) => line !== "" && !isReply(line));
  return others.length === 0 || others.some(isCommand);
}

/** Who sent a line without a mark. */
function senderOf(line: string): string {
  return isReply(line) ? "server" : "client";
}

/** A line without its mark. */
interface Marked extends Sent {
  /** What the mark says the text is, null where there is none. */
  readonly kind: Kind | null;
}

/** What a line's mark says the text is, who sent the line, and the line without the mark. */
export function markedIn(line: string): Marked {
  for (const { text, sentBy, kind } of MARKS) {
    const at = placeOf(text, line);
    if (at < 0) continue;
    const said = saidBehind(text, line, at);
    if (sentBy === "client" || isReply(said)) {
      return { kind, by: sentBy, line: said };
    }
  }
  return { kind: null, by: "", line };
}

/** Where a line has a mark, else -1. */
function placeOf(mark: string, line: string): number {
  if (mark.length > LONGEST_MARK) return line.indexOf(mark);
  return line.startsWith(mark) ? 0 : -1;
}

/** What stands behind a mark: a line, or a literal that the mark begins. */
function saidBehind(mark: string, line: string, at: number): string {
  const end = at + mark.length;
  if (!QUOTES.includes(mark.slice(-1))) return line.slice(end);
  const start = end - (mark.charAt(mark.length - 2) === "b" ? 2 : 1);
  return trimEnd(literal(line, start).said, "\r\n");
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
    if (by !== "" && by !== server) {
      if (isCommand(line)) asked.push(line);
      continue;
    }
    const more = goesOn(reply, line);
    if (!isReply(line) || (by === "" && !more)) continue;
    if (!more) reply = [];
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

/** Whether a line is one more of a reply, which has no mark where lines are shown as one. */
function goesOn([first]: readonly string[], line: string): boolean {
  return first !== undefined && first.slice(0, 3) === line.slice(0, 3);
}

function isCommand(line: string): boolean {
  const upper = uppered(line);
  const begun = COMMANDS.some((verb) => upper.startsWith(verb));
  return begun || WHOLE.includes(trim(upper, BLANKS));
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
