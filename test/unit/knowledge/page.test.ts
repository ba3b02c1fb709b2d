import { join } from "node:path";
import test from "ava";
import { contentsText, pageText } from "../../../harness/commands/explain-text.ts";
import { contentsOf, pageOf, pageOfFamily } from "../../../harness/knowledge/page.ts";
import { settingsMarkdown } from "../../../harness/knowledge/page-markdown.ts";
import { familyOf, knownSetting, settings } from "../../../harness/knowledge/settings.ts";
import { treeFile } from "../../helpers/cli.ts";
import { isGolden } from "../../helpers/golden.ts";

const golden = (name: string) => join(import.meta.dirname, "../../fixtures/knowledge", name);

test("docs/settings.md is made of the records: UPDATE_GOLDEN=1 writes it", (t) => {
  isGolden(t, settingsMarkdown(settings), treeFile("docs/settings.md"));
});

test("the page about net.core.somaxconn, at 80 columns", (t) => {
  isGolden(t, pageText(pageOf(knownSetting("net.core.somaxconn")), 80), golden("somaxconn.golden.txt"));
});

test("the list of settings, at 80 columns", (t) => {
  isGolden(t, contentsText(settings, 80), golden("settings.golden.txt"));
});

test("the list has each setting once", (t) => {
  const listed = contentsOf(settings).flatMap((area) => area.settings);
  t.is(listed.length, settings.length);
  t.deepEqual(new Set(listed), new Set(settings));
});

for (const width of [80, 50]) {
  test(`no page is wider than ${width} columns, and every page says whose the key is and where that is from`, (t) => {
    for (const setting of settings) {
      const page = pageOf(setting);
      const titles = page.sections.map(({ title }) => title);
      for (const title of ["Namespaces", "Kubernetes", "Source"]) t.true(titles.includes(title), setting.key);
      for (const line of pageText(page, width).split("\n")) t.true(line.length <= width, line);
    }
  });
}

test("a key without a record has the page of its family", (t) => {
  const family = familyOf("net.ipv4.conf.eth0.rp_filter");
  if (family === null) throw new Error("it has a family");
  const text = pageText(pageOfFamily("net.ipv4.conf.eth0.rp_filter", family), 80);
  t.regex(text, /no record of its own.*net\.ipv4\.conf\.\*\.\*/s);
  t.regex(text, /Private to each network namespace/);
});
