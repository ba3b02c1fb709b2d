import { mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import type { Browser, Page } from "playwright-core";
import { renderGateJunit } from "../../harness/report/gate/junit.ts";
import { renderHtml } from "../../harness/report/html/html.ts";
import type { ReportInput } from "../../harness/report/report-input.ts";
import { launchChromium, openFile } from "../helpers/browser.ts";
import { hostileGate } from "../helpers/gate-fixture.ts";
import { hostileReport, hostileText } from "../helpers/hostile-report.ts";
import { present } from "../helpers/machine-parts.ts";
import { testNeeding } from "../helpers/parts.ts";
import { portExhaustionReport } from "../helpers/report-fixture.ts";
import { searchReport } from "../helpers/search-story.ts";

const folder = mkdtempSync(join(tmpdir(), "tunebench-report-"));
let browser: Browser;

test.before(async () => {
  if (present("chromium")) browser = await launchChromium();
});

test.after.always(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

testNeeding(["chromium"], "every chart is drawn, without a complaint or a request", async (t) => {
  const file = write("plain", portExhaustionReport());
  const { page, complaints, requests } = await openFile(browser, file);
  const drawn = await colorsPerCanvas(page);
  t.is(drawn.length, 2 + 5 * 3 + 5 * 2);
  t.deepEqual(
    drawn.filter((colors) => colors < 4),
    [],
  );
  t.deepEqual(complaints, []);
  t.deepEqual(requests, []);
  t.true(statSync(file).size <= 2_000_000);
  await page.close();
});

testNeeding(["chromium"], "walls and faults are drawn in their own colours", async (t) => {
  const { page } = await openFile(browser, write("walls", portExhaustionReport()));
  const baseline = '[data-chart="ports"][data-profile="0"] canvas';
  t.true((await pixelsOf(page, baseline, "--fault")) > 100);
  t.true((await pixelsOf(page, baseline, "--cliff")) > 100);
  const healthy = '[data-chart="throughput"][data-profile="1"] canvas';
  t.is(await pixelsOf(page, healthy, "--fault"), 0);
  await page.close();
});

testNeeding(
  ["chromium"],
  "a search is drawn without a script's help, its marks inside the plot, also on a telephone",
  async (t) => {
    const file = write("search", searchReport({ blocks: 2 }));
    for (const width of [1280, 390]) {
      const { page, complaints, requests } = await openFile(browser, file, { width });
      const outside = await page.evaluate(`[...document.querySelectorAll("svg.search")].flatMap((plot) => {
      const box = plot.getBoundingClientRect();
      return [...plot.querySelectorAll("circle, path, line, text")].filter((mark) => {
        const { left, right, top, bottom } = mark.getBoundingClientRect();
        return left < box.left - 1 || right > box.right + 1 || top < box.top - 1 || bottom > box.bottom + 1;
      }).map((mark) => mark.outerHTML);
    })`);
      t.deepEqual(outside, []);
      t.is(await page.locator("svg.search").count(), 6);
      t.is(await page.evaluate("document.documentElement.scrollWidth"), width);
      await page.locator("details summary", { hasText: "Steps" }).first().click();
      t.true(await page.locator("details[open] table").first().isVisible());
      t.deepEqual([...complaints, ...requests], []);
      await page.close();
    }
  },
);

testNeeding(["chromium"], "hostile text stays text, in the page and in the gate's JUnit", async (t) => {
  const input = hostileReport();
  const { page, complaints, requests } = await openFile(browser, write("hostile", input));
  t.is(await page.evaluate("window.pwned"), undefined);
  t.is(await page.locator("main img, main script, body > img").count(), 0);
  const shown = (await page.locator("body").textContent()) ?? "";
  const plain = hostileText.replaceAll(/[\p{Cc}\p{Bidi_Control}]/gu, "\uFFFD");
  t.true((await page.locator("h1").textContent())?.includes(plain));
  t.true(shown.split(plain).length > 10);
  t.deepEqual([...complaints, ...requests], []);
  const errors = `new DOMParser().parseFromString(${JSON.stringify(renderGateJunit(hostileGate()))}, "text/xml").querySelectorAll("parsererror").length`;
  t.is(await page.evaluate(errors), 0);
  await page.close();
});

testNeeding(["chromium"], "the page's policy refuses a script that is not its own", async (t) => {
  const { page, complaints } = await openFile(browser, write("policy", portExhaustionReport()));
  await page.evaluate(
    'document.body.append(Object.assign(document.createElement("script"), { text: "window.pwned = 1" }))',
  );
  t.is(await page.evaluate("window.pwned"), undefined);
  t.regex(complaints.join("\n"), /Content Security Policy/);
  await page.close();
});

testNeeding(["chromium"], "dark, light and printed differ, and the charts follow", async (t) => {
  const file = write("themes", portExhaustionReport());
  const { page } = await openFile(browser, file, { dark: true });
  const throughput = page.locator('[data-chart="throughput"]').first();
  const background = () => page.evaluate("getComputedStyle(document.body).backgroundColor");
  const dark = { background: await background(), chart: await throughput.screenshot() };
  await page.emulateMedia({ colorScheme: "light" });
  const light = { background: await background(), chart: await throughput.screenshot() };
  t.is(light.background, "rgb(255, 255, 255)");
  t.not(dark.background, light.background);
  t.false(dark.chart.equals(light.chart));
  await page.emulateMedia({ colorScheme: "dark", media: "print" });
  t.is(await background(), light.background);
  t.is(await page.locator(".skip").isVisible(), false);
  const profile = "getComputedStyle(document.documentElement).getPropertyValue('--profile-0').trim()";
  t.is(await page.evaluate(profile), "#596270");
  t.true((await pixelsOf(page, '[data-chart="throughput"][data-profile="0"] canvas', "--profile-0")) > 50);
  await page.close();
});

testNeeding(["chromium"], "the first Tab reaches the skip link, and it leads to the comparison", async (t) => {
  const { page } = await openFile(browser, write("keyboard", portExhaustionReport()));
  await page.keyboard.press("Tab");
  t.is(await page.evaluate("document.activeElement.className"), "skip");
  const box = await page.locator(".skip").boundingBox();
  t.true((box?.y ?? -1) >= 0, "it is on the screen while it has the focus");
  await page.keyboard.press("Enter");
  t.true(page.url().endsWith("#comparison"));
  await page.close();
});

testNeeding(["chromium"], "every table has a caption and scopes, every chart a text", async (t) => {
  const { page } = await openFile(browser, write("names", portExhaustionReport()));
  const without = (selector: string) => page.locator(selector).count();
  t.is(await without("main table:not(.u-legend):not(:has(caption))"), 0);
  t.is(await without("main table:not(.u-legend) th:not([scope])"), 0);
  t.is(await without('[data-chart]:not([role="img"][aria-label])'), 0);
  t.is(await without("main h1"), 1);
  await page.close();
});

for (const width of [360, 768, 880, 1280]) {
  testNeeding(["chromium"], `at ${width} pixels nothing runs out of the page`, async (t) => {
    const { page } = await openFile(browser, write(`width-${width}`, portExhaustionReport({ blocks: 10 })), { width });
    t.is(await page.evaluate("document.documentElement.scrollWidth"), width);
    await page.close();
  });
}

testNeeding(["chromium"], "charts follow a change of the window's width", async (t) => {
  const { page } = await openFile(browser, write("resized", portExhaustionReport()));
  await page.setViewportSize({ width: 500, height: 900 });
  const followed = `new Promise((done) => {
    const look = (frames) => {
      const fits = document.querySelector(".u-wrap").getBoundingClientRect().right <= 500;
      if (fits || frames === 0) done(fits);
      else requestAnimationFrame(() => look(frames - 1));
    };
    look(120);
  })`;
  t.true(await page.evaluate(followed));
  t.is(await page.evaluate("document.documentElement.scrollWidth"), 500);
  await page.close();
});

testNeeding(
  ["chromium"],
  "the first screen has verdict, comparison, first finding, and the way to caveats and every section",
  async (t) => {
    const { page } = await openFile(browser, write("first-screen", portExhaustionReport()));
    for (const selector of ["h1", '[href="#caveats"]', ".cards", ".scale", ".groups h3"]) {
      const box = await page.locator(selector).first().boundingBox();
      t.true(box !== null && box.y + box.height <= 900, selector);
    }
    t.deepEqual(
      await page.evaluate('[...document.querySelectorAll("nav a")].map((link) => link.getAttribute("href"))'),
      await page.evaluate('[...document.querySelectorAll("h2")].map(({ id }) => "#" + id)'),
      "every section is linked",
    );
    await page.close();
  },
);

function write(name: string, input: ReportInput): string {
  const file = join(folder, `${name}.html`);
  writeFileSync(file, renderHtml(input));
  return file;
}

/** How many colours each canvas of the page shows; a blank one shows one. */
function colorsPerCanvas(page: Page): Promise<number[]> {
  return page.evaluate(`[...document.querySelectorAll("canvas")].map((canvas) => {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return new Set(new Uint32Array(data.buffer)).size;
  })`);
}

/** How many pixels of a canvas are nearly of a colour of the style sheet. */
function pixelsOf(page: Page, selector: string, variable: string): Promise<number> {
  return page.evaluate(`(() => {
    const canvas = document.querySelector(${JSON.stringify(selector)});
    const color = getComputedStyle(document.documentElement).getPropertyValue(${JSON.stringify(variable)}).trim();
    const [red, green, blue] = [1, 3, 5].map((start) => Number.parseInt(color.slice(start, start + 2), 16));
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let i = 0; i < data.length; i += 4) {
      const far = Math.abs(data[i] - red) + Math.abs(data[i + 1] - green) + Math.abs(data[i + 2] - blue);
      if (data[i + 3] > 200 && far < 12) count += 1;
    }
    return count;
  })()`);
}
