import { join, resolve } from "node:path";
import { trendsOf } from "../analysis/trends.ts";
import { InputError } from "../core/errors.ts";
import { screenOf } from "../core/screen.ts";
import { jsonText } from "../core/text.ts";
import { renderMarkdown } from "../report/markdown.ts";
import { type RunsIndex, runsReport } from "../report/runs/runs-report.ts";
import { renderTerminal } from "../report/terminal.ts";
import { writeWhole } from "../results/write.ts";
import type { ReportFormat } from "./formats.ts";
import { isReadable, storedRuns } from "./stored-runs.ts";

/** `tunebench report --index`: writes index.html beside the runs and gives its path, or prints the same in another form. */
export async function indexRuns(results: string, format: ReportFormat | undefined): Promise<string> {
  const stored = storedRuns(results);
  if (stored.length === 0) throw new InputError(`there is no run below ${results}`, { hint: "--results DIR" });
  const runs = stored.map((run) => (isReadable(run) ? run.listed : run));
  const index: RunsIndex = { runs, trends: trendsOf(stored.filter(isReadable)) };
  switch (format) {
    case undefined: {
      const file = join(resolve(results), "index.html");
      writeWhole(file, await pageOf(index));
      return `${file}\n`;
    }
    case "html":
      return await pageOf(index);
    case "md":
      return renderMarkdown(runsReport(index));
    case "json":
      return jsonText(index);
    case "terminal":
      return renderTerminal(runsReport(index), screenOf(process.stdout));
    default:
      throw new InputError(`--index is not made as ${format}`, { hint: "one of html, md, json, terminal" });
  }
}

async function pageOf(index: RunsIndex): Promise<string> {
  return (await import("../report/html/html.ts")).renderPage(runsReport(index));
}
