/** docs/analysis-json.md has every field of what a CI reads, from the comments of its types. */
import { readFileSync } from "node:fs";
import test from "ava";
import { renderCsv } from "../../../harness/report/csv.ts";
import { gateRecord, renderJson } from "../../../harness/report/json.ts";
import { treeFile } from "../../helpers/cli.ts";
import { conditionsReport } from "../../helpers/conditions-report.ts";
import { gates } from "../../helpers/gate-fixture.ts";
import { isGolden } from "../../helpers/golden.ts";
import { factorReport } from "../../helpers/judged-reports.ts";
import { portExhaustionReport } from "../../helpers/report-fixture.ts";
import { type DescribedType, describedTypes } from "../../helpers/type-fields.ts";

const types = describedTypes([
  "harness/analysis/analysis.ts",
  "harness/analysis/conditions.ts",
  "harness/analysis/sizing.ts",
  "harness/analysis/script-summary.ts",
  "harness/analysis/gate-record.ts",
  "harness/analysis/differences.ts",
  "harness/find/found.ts",
  "harness/report/words/effect.ts",
  "harness/report/json.ts",
]);

const records = ["AnalysisJson", "GateJson"];

const introduction = `# Every field of analysis.json and of the gate's JSON

Of analysis.json (\`AnalysisJson\`) and of \`gate --json\` (\`GateJson\`; \`compare --format json\` has one for each profile), from the comments of their types. Findings, caveats
and reasons are in [results.md](results.md). \`UPDATE_GOLDEN=1 npx ava test/unit/report/fields.test.ts\` writes this page.
`;

test("docs/analysis-json.md is made of the types: UPDATE_GOLDEN=1 writes it", (t) => {
  const sections = reachable().map(({ name, bases, meaning, fields }) => {
    const rows = fields.map((field) => `| \`${field.name}\` | ${typeText(field.type)} | ${cell(field.meaning)} |`);
    const more = bases.map((base) => `And the fields of ${typeText(base)}.`);
    const table = ["| field | type | meaning |", "|---|---|---|", ...rows].join("\n");
    return [`## ${name}`, meaning, ...more, table].filter((part) => part !== "").join("\n\n");
  });
  isGolden(t, `${[introduction.trim(), ...sections].join("\n\n")}\n`, treeFile("docs/analysis-json.md"));
});

test("every field has its meaning, and nothing is written that has none", (t) => {
  for (const { name, fields } of reachable()) {
    for (const field of fields) t.not(field.meaning, "", `${name}.${field.name}`);
  }
  for (const input of [portExhaustionReport({ blocks: 2 }), factorReport(), conditionsReport()]) {
    t.deepEqual(undescribed(JSON.parse(renderJson(input)), "AnalysisJson"), []);
  }
  for (const gate of Object.values(gates())) t.deepEqual(undescribed(gateRecord(gate), "GateJson"), []);
});

test("docs/results.md says what each column of summary.csv is", (t) => {
  const [head = ""] = renderCsv(portExhaustionReport()).split("\n");
  const page = readFileSync(treeFile("docs/results.md"), "utf8");
  for (const column of head.split(",")) t.true(page.includes(`\`${column}\``), column);
});

/** The records, and each type that one of their fields is of, in the order in which they are met. */
function reachable(): DescribedType[] {
  const found: DescribedType[] = [];
  const add = (name: string) => {
    const type = types.get(name);
    if (type === undefined || found.includes(type)) return;
    found.push(type);
    const named = [...type.bases, ...type.fields.flatMap((field) => field.type.match(/\b[A-Z]\w+/g) ?? [])];
    named.forEach(add);
  };
  records.forEach(add);
  return found;
}

/** Its own, and those of the types that it extends. */
function allFields({ bases, fields }: DescribedType): DescribedType["fields"] {
  return [...fields, ...bases.flatMap((base) => allFields(types.get(base) ?? goal))];
}

/** The one base that is a record's shape. */
const goal: DescribedType = {
  name: "Goal",
  bases: [],
  meaning: "",
  fields: ["measure", "comparison", "limit"].map((name) => ({ name, type: "", meaning: "" })),
};

/** What a value holds that its type does not describe, and so on for each of its fields that is of a described type. */
function undescribed(value: object, name: string): string[] {
  const type = types.get(name);
  if (type === undefined) return [];
  const fields = allFields(type);
  const strange = Object.keys(value).filter((key) => fields.every((field) => field.name !== key));
  const inner = fields.flatMap(({ name: key, type: text }) => {
    const held = (value as Record<string, unknown>)[key];
    const known = (text.match(/\b[A-Z]\w+/g) ?? []).find((word) => types.has(word));
    if (known === undefined || text.startsWith("{") || held === null || typeof held !== "object") return [];
    const many = Array.isArray(held) || /^(Partial<)?Record</.test(text);
    return (many ? Object.values(held) : [held]).flatMap((one) => (one === null ? [] : undescribed(one, known)));
  });
  return [...strange.map((key) => `${name}.${key}`), ...inner];
}

/** Named types are links where they are on the page. */
function typeText(type: string): string {
  const parts = type
    .split(/\b([A-Z]\w+)\b/)
    .map((part) => (types.has(part) ? `[${part}](#${part.toLowerCase()})` : part));
  return cell(parts.join(""));
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
}
