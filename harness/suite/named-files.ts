import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Locate, Path } from "./document.ts";
import { type Problem, pathText, shown } from "./problems.ts";
import { mostFileBytes } from "./schema-kubernetes.ts";
import type { Suite } from "./suite.ts";

/** Files that a suite names and that are not in its folder, or are too large for what becomes of them. */
export async function fileProblems(suite: Suite, locate: Locate): Promise<Problem[]> {
  const problems: Problem[] = [];
  const report = (path: Path, text: string) => {
    problems.push({ ...locate(path, "value"), text: `${pathText(path)}: ${text}` });
  };
  const parts = [
    { path: ["target"], part: suite.target },
    ...Object.entries(suite.upstreams).map(([name, part]) => ({ path: ["upstreams", name], part })),
  ];
  const named = [
    { path: ["load", "script"], file: suite.load.script, what: "the k6 script's path" },
    ...parts.flatMap(({ path, part }) => {
      const { manifest = null } = part.kubernetes ?? {};
      const where = [...path, "kubernetes", "manifest"];
      return manifest === null ? [] : [{ path: where, file: manifest, what: "the manifest's path" }];
    }),
  ];
  for (const { path, file, what } of named) {
    if ((await sizeOf(suite, file)) === null) report(path, missing(file, `${what} from there`));
  }
  for (const { path, part } of parts) {
    await checkMounted(suite, part.kubernetes?.files ?? [], [...path, "kubernetes", "files"], report);
  }
  return problems;
}

type ReportFile = (path: Path, text: string) => void;

async function checkMounted(suite: Suite, files: string[], path: Path, report: ReportFile): Promise<void> {
  const sizes = await Promise.all(files.map((file) => sizeOf(suite, file)));
  sizes.forEach((size, i) => {
    if (size === null) report([...path, i], missing(files[i] ?? "", "the name of one that is there"));
  });
  const whole = sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
  if (whole <= mostFileBytes) return;
  const kib = (bytes: number) => `${Math.ceil(bytes / 1024)} KiB`;
  report(path, `these files have ${kib(whole)} together; use at most ${kib(mostFileBytes)}, or an image that has them`);
}

function missing(file: string, what: string): string {
  return `there is no file ${shown(file)} in the suite's folder; give ${what}`;
}

/** Bytes; null where it is no file, or can't be looked at. */
async function sizeOf({ folder }: Suite, file: string): Promise<number | null> {
  const found = await stat(join(folder, file)).catch(() => null);
  return found?.isFile() ? found.size : null;
}
