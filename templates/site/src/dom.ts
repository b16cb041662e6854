/** An element with children. Text is text: nothing here takes HTML. */
export function h(
  name: string,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly (Node | string | null)[]
): HTMLElement {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** The address of a page of this site, such as relay_access_denied or codes/#554. */
export function addressOf(at: string): string {
  const [folder = "", anchor] = at.split("/#");
  // A folder on disk has no index page that opens by itself.
  const page = location.protocol === "file:" ? "index.html" : "";
  return `${folder}/${page}${anchor === undefined ? "" : `#${anchor}`}`;
}

/** A link to a page of this site. */
export function linkTo(at: string, text: string): HTMLElement {
  return h("a", { href: addressOf(at) }, text);
}

/** The element of the page that has an id. */
export function byId<T extends HTMLElement>(id: string, type: new () => T): T {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`the page has no ${id}`);
  return found;
}
