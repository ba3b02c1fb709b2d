import test from "ava";
import fc from "fast-check";
import { parse } from "smol-toml";
import { mergeToml, type TomlChange } from "../../../harness/deliver/toml-file.ts";

const table = ["settings", "kubernetes"];
const list: TomlChange = { table, key: "allowed-unsafe-sysctls", value: ["a.b", "c.d"], adds: true };
const label: TomlChange = { table: [...table, "node-labels"], key: "x.y/z", value: "v", adds: false };
const merge = (text: string, ...changes: TomlChange[]) => mergeToml({ name: "theirs", text }, changes);

/** Lists as people write them. */
const lists: [string, string][] = [
  ["allowed-unsafe-sysctls = []", 'allowed-unsafe-sysctls = ["a.b", "c.d"]'],
  ["allowed-unsafe-sysctls = ['e'] # ]", 'allowed-unsafe-sysctls = [\'e\', "a.b", "c.d"] # ]'],
  ['allowed-unsafe-sysctls = ["a.b",]', 'allowed-unsafe-sysctls = ["a.b","c.d"]'],
  ['allowed-unsafe-sysctls = [\n  "e", # one\n]', 'allowed-unsafe-sysctls = [\n  "e", # one\n  "a.b",\n  "c.d",\n]'],
  ["allowed-unsafe-sysctls = [\n  'e' # \"]\"\n]", 'allowed-unsafe-sysctls = [\n  \'e\', # "]"\n  "a.b",\n  "c.d",\n]'],
];

for (const [before, after] of lists) {
  test(`a list is added to where it stands: ${before}`, (t) => {
    const around = (line: string) => `# top\n[settings.kubernetes]\n${line}\nz = 1 # end\n\n[other]\n`;
    t.is(merge(around(before), list), around(after));
    t.is(merge(around(after), list), around(after), "merged again, nothing changes");
  });
}

test("a table that is not there comes at the end; an empty file is begun", (t) => {
  t.is(merge("a = 1\n", label), 'a = 1\n\n[settings.kubernetes.node-labels]\n"x.y/z" = "v"\n');
  t.is(merge("", label), '[settings.kubernetes.node-labels]\n"x.y/z" = "v"\n');
});

test("what can't be changed by lines is refused", (t) => {
  for (const text of [
    'settings.kubernetes.node-labels."x.y/z" = "w"\n',
    'settings = {kubernetes = {node-labels = {"x.y/z" = "w"}}}\n',
    "[[settings.kubernetes]]\n",
    '[settings.kubernetes.node-labels]\nd = """\n[x]\n"""\n',
  ]) {
    t.throws(() => merge(text, label), { name: "InputError", message: /is not clear/ }, text);
  }
  t.throws(() => merge("[a\n", label), { name: "InputError", message: /^theirs:1:\d+: is not TOML/ });
});

test("whatever else a file has stays, line by line", (t) => {
  const line = fc.constantFrom(
    "a = 1",
    'b = "[settings]"',
    "c = [\n 1,\n 2 ]",
    "# [settings.kubernetes]",
    "",
    "e.f = true",
  );
  const head = fc.constantFrom(
    "[settings.kubernetes]",
    "[settings]",
    "[settings.kubernetes.node-labels]",
    '["settings"."kubernetes-x"]',
  );
  const section = fc.tuple(head, fc.uniqueArray(line, { maxLength: 4 }));
  const file = fc.uniqueArray(section, { maxLength: 4, selector: ([name]) => name });
  fc.assert(
    fc.property(file, (sections) => {
      const text = sections.map(([name, lines]) => [name, ...lines, ""].join("\n")).join("");
      const merged = merge(text, list, label);
      const rest = merged.split("\n");
      for (const one of text.split("\n").filter((own) => own.trim() !== "")) {
        const at = rest.indexOf(one);
        t.true(at >= 0, `${one} of\n${text}\nin\n${merged}`);
        rest.splice(at, 1);
      }
      const { settings } = parse(merged) as { settings: { kubernetes: Record<string, unknown> } };
      t.deepEqual(settings.kubernetes["allowed-unsafe-sysctls"], ["a.b", "c.d"]);
      t.like(settings.kubernetes["node-labels"], { "x.y/z": "v" });
    }),
  );
});
