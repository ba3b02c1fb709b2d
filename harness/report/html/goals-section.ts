import { goalRows } from "../goals.ts";
import type { ReportInput } from "../report-input.ts";
import { goalMark } from "./conditions-section.ts";
import { html, type Insert, type Markup } from "./markup.ts";
import { profileName } from "./profile-name.ts";
import { dataTable } from "./table.ts";

/** What became of the suite's goals, a column for each profile. Nothing where it has none of its own. */
export function goalsSection(input: ReportInput): Markup {
  const rows = goalRows(input);
  if (rows.length === 0) return html``;
  const goals = [...new Set(rows.map(({ goal }) => goal))];
  const heads = [{ title: "Profile" }, ...goals.map((title) => ({ title }))];
  const cells = input.analysis.profiles.map(({ name }): Insert[] => [
    profileName(input.analysis, name),
    ...goals.map((goal) => goalMark(rows.find((row) => row.profile === name && row.goal === goal))),
  ]);
  return html`<section aria-labelledby="goals"><h2 id="goals">Goals</h2>
${dataTable("What was measured, and whether it is within. Latency counts up to the first wall, failures over the whole load", heads, cells)}</section>`;
}
