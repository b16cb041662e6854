// @ts-check
// What every page has: buttons that copy, and an address that is the permalink.

/** @param {HTMLElement} shown */
function withCopyButton(shown) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "copy";
  button.textContent = "Copy";
  const text = shown.dataset["copy"] || shown.textContent || "";
  button.setAttribute("aria-label", `Copy ${text}`);
  button.addEventListener("click", async () => {
    button.textContent = (await copied(text)) ? "Copied" : "Press Ctrl+C";
    if (button.textContent !== "Copied")
      getSelection()?.selectAllChildren(shown);
    setTimeout(() => (button.textContent = "Copy"), 2000);
  });
  shown.after(button);
}

/** @param {string} text */
async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false; // not from file://, or not allowed
  }
}

for (const shown of document.querySelectorAll("[data-copy]")) {
  if (shown instanceof HTMLElement) withCopyButton(shown);
}
// Pages without the scripts that `make site` adds have no box.
document
  .querySelector("script[src='app.js']")
  ?.addEventListener("error", () => {
    for (const box of document.querySelectorAll("search")) box.hidden = true;
  });
if (/^https?:$/.test(location.protocol)) {
  const path = location.pathname.replace(/\/index\.html$/, "/");
  history.replaceState(null, "", path + location.search + location.hash);
}
