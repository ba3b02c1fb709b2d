import { type GoalCell, goalCell } from "./conditions.ts";
import type { ReportInput } from "./report-input.ts";

/** One of the suite's goals for one profile. */
export interface GoalRow extends GoalCell {
  profile: string;
}

/** Each profile's goals in the suite's order; [] where it has none, or they belong to a search or to conditions. */
export function goalRows({ analysis }: ReportInput): GoalRow[] {
  return analysis.profiles.flatMap(({ name, goals, trials, invalid }) =>
    goals.map((goal) => ({ profile: name, ...goalCell(goal, trials - invalid) })),
  );
}
