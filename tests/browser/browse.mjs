// Opens the site in a browser and tells what happens: node browse.mjs PLAN, as JSON on stdout.
import { readFileSync, createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { extname, join } from "node:path";
import { pathToFileURL } from "node:url";

const plan = JSON.parse(readFileSync(process.argv[2], "utf8"));
const require = createRequire(join(plan.modules, "x.js"));
const { chromium } = require("playwright-core");
const axe = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");

/** A site below a folder, as a plain server has it. */
function served(folder) {
  const types = {
    ".html": "text/html",
    ".js": "text/javascript",
    ".css": "text/css",
    ".svg": "image/svg+xml",
  };
  const server = createServer((request, response) => {
    const path = new URL(request.url, "http://x").pathname.replace(
      "/some/where/",
      "/",
    );
    let file = join(folder, decodeURIComponent(path));
    try {
      if (statSync(file).isDirectory()) file = join(file, "index.html");
      statSync(file);
    } catch {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      "content-type": types[extname(file)] ?? "text/plain",
    });
    createReadStream(file).pipe(response);
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () =>
      resolve([
        server,
        `http://127.0.0.1:${server.address().port}/some/where/`,
      ]),
    );
  });
}

const [server, site] = await served(plan.site);
const [renamed, golden] = await served(plan.golden);
const onDisk = `${pathToFileURL(plan.site)}/`;
const front = `${onDisk}index.html`;
// Nobody comes here, whatever a page tries.
const visits = [];
const elsewhere = createServer((request, response) => {
  visits.push(request.url);
  response.end();
});
await new Promise((resolve) => elsewhere.listen(0, "127.0.0.1", resolve));
const away = `http://127.0.0.1:${elsewhere.address().port}/`;
const browser = await chromium.launch({
  executablePath: plan.chromium,
  headless: true,
  args: [
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
  ],
});

const requests = new Set();
const complaints = [];

/** A page that notes what it asks for, and what the browser complains about. */
async function opened(options = {}) {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  context.on("request", (request) => requests.add(request.url()));
  page.on("console", (message) => {
    if (message.type() === "error")
      complaints.push(`${page.url()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error}`));
  page.on("dialog", (dialog) => {
    complaints.push(`${page.url()}: a dialog`);
    void dialog.dismiss();
  });
  return page;
}

/** The pages that the answer to a text leads to, the best first. */
function asked(page, text) {
  return page.evaluate(async (text) => {
    const button = document.querySelector("button[data-try]");
    const answer = document.getElementById("answer");
    button.dataset.try = text;
    button.click();
    while (answer.ariaBusy === "true")
      await new Promise((resolve) => setTimeout(resolve, 2));
    const ids = (which) =>
      [...answer.querySelectorAll(which)].map(({ dataset }) => dataset.id);
    return {
      read: ids("article, tr[data-id]"),
      all: [...new Set(ids("[data-id]"))],
    };
  }, text);
}

async function answers(where, texts) {
  const page = await opened();
  await page.goto(where);
  const found = [];
  for (const text of texts) found.push(await asked(page, text));
  await page.context().close();
  return found;
}

/** What is shown of texts, in words. */
async function shownOf(texts) {
  const page = await opened();
  await page.goto(front);
  const found = [];
  for (const text of texts) {
    await asked(page, text);
    found.push(await page.textContent("#answer"));
  }
  await page.context().close();
  return found;
}

/** What is in the box for who comes back to it. */
async function back() {
  const page = await opened();
  await page.goto(site);
  await page.fill("#held", plan.line);
  await page.click("#answer a");
  await page.waitForURL("**/relay_access_denied/");
  await page.goBack();
  await page.waitForSelector("#answer article");
  const held = await page.inputValue("#held");
  await page.context().close();
  return held;
}

/** How a page takes a log that is pasted: how long it stood still, and what it counted. */
async function pasted(where) {
  const page = await opened();
  await page.goto(where);
  await page.focus("#held");
  await page.waitForFunction(() => globalThis.postfixReader);
  const told = await page.evaluate(
    async ([line, times]) => {
      const data = new DataTransfer();
      data.setData("text/plain", `${line}\n`.repeat(times));
      const event = new ClipboardEvent("paste", {
        clipboardData: data,
        bubbles: true,
        cancelable: true,
      });
      const answer = document.getElementById("answer");
      let last = performance.now();
      let longest = 0;
      const timer = setInterval(() => {
        const now = performance.now();
        longest = Math.max(longest, now - last);
        last = now;
      }, 5);
      await new Promise((resolve) => setTimeout(resolve, 20));
      const start = performance.now();
      document.getElementById("held").dispatchEvent(event);
      while (answer.ariaBusy === "true")
        await new Promise((resolve) => setTimeout(resolve, 5));
      clearInterval(timer);
      return {
        longest,
        took: performance.now() - start,
        status: document.getElementById("status").textContent,
        answer: answer.textContent,
      };
    },
    [plan.line, plan.times],
  );
  await page.context().close();
  return told;
}

/** What axe finds. */
async function found(page) {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() =>
    globalThis.axe.run({
      resultTypes: ["violations"],
      // What WCAG 2.2 has, too.
      rules: { "target-size": { enabled: true } },
    }),
  );
  return violations.map(
    ({ id, nodes }) =>
      `${page.url()}: ${id}: ${nodes.slice(0, 3).map(({ html }) => html.slice(0, 120))}`,
  );
}

async function accessible() {
  const all = [];
  for (const [colorScheme, paths] of Object.entries(plan.looked)) {
    const page = await opened({ colorScheme });
    for (const path of paths) {
      await page.goto(site + path);
      all.push(...(await found(page)));
    }
    await page.goto(site);
    for (const text of plan.shown) {
      await asked(page, text);
      all.push(...(await found(page)));
    }
    await page.context().close();
  }
  return all;
}

/** The pages that are wider than a small phone. */
async function wide() {
  const page = await opened({ viewport: { width: 320, height: 640 } });
  const wider = [];
  const note = async (what) => {
    const width = await page.evaluate(
      () => document.documentElement.scrollWidth,
    );
    if (width > 320) wider.push(`${what}: ${width}`);
  };
  for (const path of plan.narrow) {
    await page.goto(site + path);
    await note(path);
  }
  await page.goto(site);
  for (const text of plan.shown) {
    await asked(page, text);
    await note(text);
  }
  await page.context().close();
  return wider;
}

/** Where former ids lead. */
async function leads() {
  const page = await opened();
  const ends = {};
  for (const [old, now] of Object.entries(plan.formerly)) {
    await page.goto(`${golden}${old}/`);
    await page.waitForURL(`**/${now}/`, { timeout: 5000 }).catch(() => {});
    ends[old] = page.url().split("/").at(-2);
  }
  await page.context().close();
  return ends;
}

/** What stays without JavaScript. */
async function plain() {
  const page = await opened({ javaScriptEnabled: false });
  await page.goto(site);
  const told = {
    box: await page.isVisible("#form"),
    why: await page.isVisible("noscript"),
  };
  await page.click('a[href="codes/index.html"]');
  await page.click('a[href="../relay_access_denied/index.html"]');
  told.heading = await page.textContent("h1");
  await page.context().close();
  return told;
}

/** Whether the box is there without the script that answers. */
async function unscripted() {
  const context = await browser.newContext();
  const page = await context.newPage();
  await page.route("**/app.js", (route) => route.abort());
  await page.goto(site);
  await page.waitForLoadState("networkidle");
  const box = await page.isVisible("#held");
  await context.close();
  return box;
}

/** From the top of the page to a reply with keys alone. */
async function typed() {
  const page = await opened();
  await page.goto(site);
  const focused = () => page.evaluate(() => document.activeElement.id);
  for (let tab = 0; tab < 20 && (await focused()) !== "held"; tab++)
    await page.keyboard.press("Tab");
  await page.keyboard.type("relay acess denied");
  await page.waitForSelector('#answer [data-id="relay_access_denied"]');
  const isLink = () =>
    page.evaluate(() => document.activeElement.closest("#answer") !== null);
  for (let tab = 0; tab < 20 && !(await isLink()); tab++)
    await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.waitForURL("**/relay_access_denied/");
  const copy = await page.locator("button.copy").count();
  await page.context().close();
  return copy;
}

/** What hostile text does, and what a script in the page could send. */
async function guarded() {
  const page = await opened();
  await page.goto(site);
  await asked(page, plan.hostile);
  const told = await page.evaluate(async () => {
    const answer = document.getElementById("answer");
    const elements = answer.querySelectorAll(
      "img, script, iframe, svg, style",
    ).length;
    const text = answer.textContent;
    return { elements, text };
  });
  await page.context().close();
  // These are meant to be refused, and the browser complains of each.
  const context = await browser.newContext();
  const other = await context.newPage();
  await other.goto(site);
  told.refused = await other.evaluate(async (away) => {
    const refused = [];
    document.addEventListener("securitypolicyviolation", (event) =>
      refused.push(event.effectiveDirective),
    );
    await fetch(away).catch(() => {});
    navigator.sendBeacon(away, "x");
    new Image().src = `${away}x.png`;
    for (const [name, text] of [
      ["script", "globalThis.ran = 1"],
      ["style", "body { color: red }"],
    ]) {
      const element = document.createElement(name);
      element.textContent = text;
      document.head.append(element);
    }
    const form = document.createElement("form");
    form.action = away;
    form.method = "post";
    document.body.append(form);
    form.submit();
    // The browser says so when it gets to it.
    for (let turn = 0; turn < 100 && !refused.includes("form-action"); turn++)
      await new Promise((resolve) => setTimeout(resolve, 50));
    return refused.concat(globalThis.ran ? ["ran"] : []);
  }, away);
  told.left = visits;
  await context.close();
  return told;
}

/** What the front page loads before anybody uses it. */
async function loaded() {
  const page = await opened();
  await page.goto(site);
  await page.waitForLoadState("networkidle");
  const urls = await page.evaluate(() =>
    performance.getEntriesByType("resource").map(({ name }) => name),
  );
  await page.context().close();
  return ["index.html", ...urls.map((url) => url.replace(site, ""))];
}

/** Steps that do not disturb each other. */
const together = {
  found: () => answers(site, plan.queries),
  held: () => answers(site, plan.held),
  told: () => shownOf(plan.told),
  back,
  disk: () => answers(front, plan.queries.slice(0, 12)),
  wide,
  leads,
  plain,
  unscripted,
  typed,
  guarded,
  axed: accessible,
};

async function told() {
  const begun = Object.entries(together).map(async ([name, step]) => [
    name,
    await step(),
  ]);
  const result = Object.fromEntries(await Promise.all(begun));
  // Alone, since time counts.
  result.log = await pasted(site);
  result.logOnDisk = await pasted(front);
  result.loaded = await loaded();
  const own = [site, golden, onDisk, "blob:", "data:"];
  result.away = [...requests].filter(
    (url) => !own.some((start) => url.startsWith(start)),
  );
  return { ...result, complaints };
}

try {
  console.log(JSON.stringify(await told()));
} finally {
  await browser.close();
  for (const each of [server, renamed, elsewhere]) each.close();
}
