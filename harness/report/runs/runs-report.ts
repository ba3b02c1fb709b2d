import type { SuiteTrend } from "../../analysis/trends.ts";
import { counted } from "../../core/words.ts";
import type { Report } from "../blocks.ts";
import { trendSection } from "../sections/trends.ts";
import type { ListedRun, UnreadableRun } from "./listed-run.ts";

/** What an index says of a folder of runs; also its JSON. */
export interface RunsIndex {
  /** Oldest first. */
  runs: (ListedRun | UnreadableRun)[];
  trends: SuiteTrend[];
}

/** The runs of a folder on one page: a section for each suite, the one that was run last first. */
export function runsReport({ runs, trends }: RunsIndex): Report {
  const listed = runs.filter((run) => "verdict" in run);
  const unreadable = runs.filter((run) => "unreadable" in run);
  const last = listed.at(-1);
  return {
    title: "Runs",
    facts: last === undefined ? [] : [`the last one ${last.startedAt.slice(0, 16).replace("T", " ")} UTC`],
    headline: `${counted(listed.length, "run")} of ${counted(new Set(listed.map(({ suite }) => suite)).size, "suite")}`,
    tone: null,
    lead: [],
    notices: unreadable.map(({ id, unreadable: why }) => `${id} can't be read: ${why}`),
    sections: trends.map((trend, place) =>
      trendSection(
        trend,
        listed.filter(({ suite, kind }) => suite === trend.suite && kind === "experiment"),
        place + 1,
      ),
    ),
  };
}
