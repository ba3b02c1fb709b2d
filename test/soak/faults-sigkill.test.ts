/**
 * SIGKILL of the harness at random instants of a run: nothing is left, all that is stored can be read, resume completes.
 * SOAK_KILLS says how many (50), SOAK_SEED which; docs/soak.md has the last result.
 */
import type { ExecutionContext } from "ava";
import { instants, killAndProve } from "../helpers/killed-run.ts";
import { testNeeding } from "../helpers/parts.ts";
import { openQuickWorld } from "../helpers/quick-world.ts";
import { runWhole } from "../helpers/whole-run.ts";

const kills = Number(process.env.SOAK_KILLS ?? 50);
const seed = Number(process.env.SOAK_SEED ?? 1);

testNeeding(["namespaces", "k6"], `${kills} SIGKILLs, seed ${seed}`, async (t) => {
  t.timeout(kills * 60_000);
  const withinMs = await lengthOfRun(t);
  const seen = { inTime: 0, beforeTheRun: 0, withTrials: [0, 0, 0] };
  for (const [index, killAfterMs] of instants(kills, withinMs, seed).entries()) {
    const { inTime, trials } = await killAndProve(t, killAfterMs);
    seen.inTime += Number(inTime);
    if (trials === null) seen.beforeTheRun += 1;
    else seen.withTrials[trials] = (seen.withTrials[trials] ?? 0) + 1;
    t.log(
      `${index + 1}: ${killAfterMs} ms, ${inTime ? "killed" : "already over"}, ${trials ?? "no run, no"} trials whole`,
    );
  }
  t.log(`a whole run took ${Math.round(withinMs)} ms`);
  t.log(`${kills} kills, ${seen.inTime} of them while it ran; before there was a run: ${seen.beforeTheRun}`);
  t.log(`with 0, 1, 2 trials whole: ${seen.withTrials.join(", ")}`);
});

/** How long a run of two short trials takes here and now, ms: instants are drawn over all of it, reports included. */
async function lengthOfRun(t: ExecutionContext): Promise<number> {
  const world = await openQuickWorld(t);
  const began = performance.now();
  const { exitCode, stderr } = await runWhole(world);
  t.is(exitCode, 0, stderr);
  return performance.now() - began;
}
