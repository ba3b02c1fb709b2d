import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { z } from "zod";
import type { TruthCase } from "./case.ts";
import { judge, lackingIn, outcomeOf, type ToldProfile } from "./judge.ts";

/** Variable that names the file to which each case adds its rows; test/run.ts prints them at the end. */
export const truthVariable = "TUNEBENCH_TEST_TRUTH";

/** Variable with which the cases outside the core run as well. */
export const allVariable = "TUNEBENCH_TEST_TRUTH_ALL";

const shape = z.object({
  case: z.string(),
  profile: z.string(),
  injected: z.string(),
  outcome: z.string(),
  /** Findings by rule and side, the first one first, with the fields that it lacks. */
  named: z.string(),
  judgement: z.enum(["right", "wrong", "silent", "false", "not judged"]),
});

/** What was said of one profile of a case. */
export type TruthRow = z.infer<typeof shape>;

/** The row of one profile: the injected one or a control. */
export function rowOf(one: TruthCase, told: ToldProfile): TruthRow {
  const isInjected = told.name === "injected";
  const expected = isInjected ? one.expected : ({ outcome: "held", named: null } as const);
  const judged = judge(told, expected);
  return {
    case: one.name,
    profile: told.name,
    injected: isInjected ? one.injected : "not injected",
    outcome: `${outcomeOf(told)}${outcomeOf(told) === expected.outcome ? "" : ` (not ${expected.outcome})`}`,
    named: namedIn(told, expected.named),
    judgement: isDisturbed(one, told) && (judged === "wrong" || judged === "silent") ? "not judged" : judged,
  };
}

function isDisturbed({ aboutCpu }: TruthCase, { caveats }: ToldProfile): boolean {
  return aboutCpu === true && caveats.some(({ code }) => code === "cpu-taken-by-others");
}

function namedIn({ findings, caveats }: ToldProfile, named: TruthCase["expected"]["named"]): string {
  if (named !== null && "caveat" in named) return caveats.map(({ code }) => code).join(", ");
  return findings
    .map((finding, place) => {
      const lacking = named === null || place > 0 ? [] : lackingIn(finding, named);
      return `${finding.rule} (${finding.side})${lacking.length > 0 ? ` not its ${lacking.join(", ")}` : ""}`;
    })
    .join("; ");
}

/** Adds rows to the list, where there is one. */
export function addRows(rows: TruthRow[]): void {
  const list = process.env[truthVariable];
  if (list !== undefined) appendFileSync(list, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
}

/** The rows that cases added to a list; none where there is no list. */
export function readTruth(list: string): TruthRow[] {
  if (!existsSync(list)) return [];
  const lines = readFileSync(list, "utf8").split("\n");
  return lines.filter((line) => line !== "").map((line) => shape.parse(JSON.parse(line)));
}

/** A Markdown table of the rows and the count of each judgement; nothing of none. */
export function truthLines(rows: TruthRow[]): string[] {
  if (rows.length === 0) return [];
  const counts = Object.entries(Object.groupBy(rows, ({ judgement }) => judgement));
  const cells = rows.map((row) => [
    row.case,
    row.profile,
    row.injected,
    row.outcome,
    row.named || "nothing",
    row.judgement,
  ]);
  return [
    "| case | profile | injected | outcome | named | |",
    "|---|---|---|---|---|---|",
    ...cells.map((row) => `| ${row.join(" | ")} |`),
    "",
    counts.map(([judgement, those]) => `${those.length} ${judgement}`).join(", "),
  ];
}
