// Shows a form in one renderer in Chromium, fills it in as a hand would, and prints each response.
// Arguments: playwright-core's index.mjs, the folder of pages, the renderer, the form, the fillings.
import fs from "node:fs";
import http from "node:http";
import path from "node:path";

const [playwright, root, renderer, formFile, fillingsFile] = process.argv.slice(2);
const { chromium } = await import(playwright);
const TYPES = { ".js": "text/javascript", ".css": "text/css", ".html": "text/html" };

const server = http.createServer((request, answer) => {
  const file = path.join(root, decodeURIComponent(request.url.split("?")[0]));
  if (!file.startsWith(root) || !fs.existsSync(file) || fs.statSync(file).isDirectory()) {
    answer.writeHead(404).end();
    return;
  }
  answer.writeHead(200, { "content-type": TYPES[path.extname(file)] ?? "application/octet-stream" });
  fs.createReadStream(file).pipe(answer);
});
await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
const base = `http://127.0.0.1:${server.address().port}`;

// Runs in the page: presses the answer of this label below the question of this text, or finds the
// field where its number is typed.
function press({ text, label }) {
  const plain = (words) => (words ?? "").replace(/\s+/g, " ").trim();
  // LHC-Forms writes what an answer scores behind its label.
  const fits = (words) => [plain(words), plain(words).replace(/ - \d+$/, "")].includes(plain(label));
  const holding = [...document.querySelectorAll("body *")].filter(
    (element) => element.getClientRects().length && plain(element.textContent).includes(plain(text)),
  );
  for (let box = holding.at(-1); box; box = box.parentElement) {
    if (label === undefined) {
      const field = box.querySelector("input:not([type=radio]):not([type=checkbox]), textarea");
      if (field) return field.focus(), true;
      if (box.querySelector("input")) return false;
      continue;
    }
    const answer = [...box.querySelectorAll("label")].find((each) => fits(each.textContent));
    if (answer) {
      (answer.querySelector("input") ?? document.getElementById(answer.htmlFor) ?? answer).click();
      return true;
    }
    if (box.querySelector("input")) return false;
  }
  return false;
}

const form = JSON.parse(fs.readFileSync(formFile));
const texts = new Map(form.item.flatMap((group) => group.item).map((each) => [each.linkId, each.text]));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
const told = [];
try {
  for (const { name, choose } of JSON.parse(fs.readFileSync(fillingsFile))) {
    const page = await browser.newPage({ viewport: { width: 1200, height: 3000 } });
    const outside = [];
    page.on("request", (request) => {
      if (!request.url().startsWith(base) && !/^(data|blob):/.test(request.url()))
        outside.push(request.url());
    });
    await page.goto(`${base}/${renderer}.html`);
    await page.waitForFunction(() => window.showForm);
    await page.evaluate((shown) => window.showForm(shown), form);
    await page.waitForTimeout(1500);
    const notFound = [];
    for (const [link, { label, number }] of choose) {
      if (!(await page.evaluate(press, { text: texts.get(link), label }))) notFound.push(link);
      else if (number !== undefined) await page.keyboard.type(String(number));
      // Smart Forms takes a number some time after it was typed, and then forgets what was pressed since.
      await page.waitForTimeout(number === undefined ? 150 : 900);
    }
    await page.waitForTimeout(4000); // Refero computes beside the page, and tells later
    const response = await page.evaluate(() => window.takeResponse());
    told.push({ name, notFound, outside, response });
    await page.close();
  }
} finally {
  await browser.close();
  server.close();
}
console.log(JSON.stringify(told));
