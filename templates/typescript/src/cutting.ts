/** Characters at the ends of what is said that count for nothing. */
export const BLANKS = " \t\r\n";

/** What stands before the first of a mark; all where there is none. */
export function before(text: string, mark: string): string {
  const at = text.indexOf(mark);
  return at < 0 ? text : text.slice(0, at);
}

/** What stands behind the first of a mark; nothing where there is none. */
export function behind(text: string, mark: string): string {
  const at = text.indexOf(mark);
  return at < 0 ? "" : text.slice(at + mark.length);
}

/** What stands behind the last of a mark; all where there is none. */
export function behindLast(text: string, mark: string): string {
  const at = text.lastIndexOf(mark);
  return at < 0 ? text : text.slice(at + mark.length);
}

/** A text without these characters at its start. */
export function trimStart(said: string, marks: string): string {
  let at = 0;
  while (at < said.length && marks.includes(said.charAt(at))) at++;
  return at > 0 ? said.slice(at) : said;
}

/** A text without these characters at its end. */
export function trimEnd(said: string, marks: string): string {
  let at = said.length;
  while (at > 0 && marks.includes(said.charAt(at - 1))) at--;
  return at < said.length ? said.slice(0, at) : said;
}

/** A text without these characters at its ends. */
export function trim(said: string, marks: string): string {
  return trimStart(trimEnd(said, marks), marks);
}

/** How often a mark stands in a text. */
export function countOf(text: string, mark: string): number {
  let count = 0;
  for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1)) {
    count++;
  }
  return count;
}

/** Whether a text is digits of ASCII and nothing else. */
export function isDigits(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (!(digit >= 0 && digit <= 9)) return false;
  }
  return text !== "";
}

/** Whether a UTF-16 unit is a letter of ASCII. */
export function isLetter(unit: number): boolean {
  const lower = unit | 32;
  return lower >= 97 && lower <= 122;
}

function isAscii(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    if (text.charCodeAt(at) > 127) return false;
  }
  return true;
}

/** An ASCII text in lower case; others are left as they are, in all languages alike. */
export function lowered(text: string): string {
  return isAscii(text) ? text.toLowerCase() : text;
}

/** An ASCII text in upper case; others are left as they are. */
export function uppered(text: string): string {
  return isAscii(text) ? text.toUpperCase() : text;
}
