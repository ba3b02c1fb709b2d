import { calibrationSuite } from "../experiment/calibration.ts";
import { loadSuite } from "../suite/load-suite.ts";
import { chosenCluster } from "./chosen-cluster.ts";
import { planOf } from "./plan.ts";
import { type RunOptions, startRun } from "./run.ts";
import { withScript } from "./with-script.ts";

/** Known to a quarter of its size with these. */
const defaultBlocks = 10;

/** `tunebench calibrate`: the baseline against itself; later runs of the suite take their noise from it. */
export async function calibrate(
  path: string,
  { blocks = defaultBlocks, ...options }: RunOptions & { blocks?: number; seed?: number },
): Promise<number> {
  const suite = calibrationSuite(await withScript(await loadSuite(path, process.env), options));
  const cluster = await chosenCluster(suite, options.cluster);
  const plan = planOf(suite, { ...options, blocks }, cluster);
  return startRun("calibration", { suite, plan, cluster }, options);
}
