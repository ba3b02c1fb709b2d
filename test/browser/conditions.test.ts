import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import test from "ava";
import { renderHtml } from "../../harness/report/html/html.ts";
import { launchChromium, openFile } from "../helpers/browser.ts";
import { conditionsReport } from "../helpers/conditions-report.ts";
import { testNeeding } from "../helpers/parts.ts";

const folder = mkdtempSync(join(tmpdir(), "tunebench-conditions-"));
test.after.always(() => rmSync(folder, { recursive: true, force: true }));

testNeeding(
  ["chromium"],
  "conditions, goals and sizing can be read on a narrow screen too, without a complaint",
  async (t) => {
    const file = join(folder, "report.html");
    writeFileSync(file, renderHtml(conditionsReport()));
    const browser = await launchChromium();
    try {
      for (const width of [1280, 360]) {
        const { page, complaints, requests } = await openFile(browser, file, { width });
        t.is(await page.evaluate("document.documentElement.scrollWidth"), width, "no sideways scrolling of the page");
        const goals = page.getByRole("region", { name: /^Goals/ });
        const goal = (profile: string) =>
          goals.getByRole("row", { name: new RegExp(`failed requests <= 5%.*failure.*${profile}`) }).innerText();
        t.regex(await goal("baseline"), /missed in 2 of 3/);
        t.regex(await goal("patient"), /kept/);
        const fits = await goals.evaluate((region) => region.scrollWidth <= region.clientWidth);
        t.true(fits, "goals of two profiles fit");
        const sizing = page.getByRole("region", { name: "Requests and limits of one copy of the target" });
        t.regex(await sizing.innerText(), /160m\s+in normal/);
        t.false(await page.getByText("target, all copies").first().isVisible());
        await page.getByText("CPU and memory of every part").click();
        t.true(await page.getByText("target, all copies").first().isVisible());
        t.deepEqual([complaints, requests], [[], []]);
        await page.close();
      }
    } finally {
      await browser.close();
    }
  },
);
