import test from "ava";
import { minimumDetectable, reachableTolerance } from "../../harness/stats/detectable.ts";
import { looksFor } from "../../harness/stats/interim-analyses.ts";
import { ratesOf, ratesOfPeeking } from "../helpers/experiments.ts";
import { claims } from "../helpers/null-experiments.ts";

/** Prints the tables of docs/statistics.md, each from thousands of experiments with a fixed seed. */
const nothingTolerated = 1e-6;
const percent = (share: number) => `${(share * 100).toFixed(1)}%`;

for (const { title, many, show } of claims) test(title, (t) => show(t, many));

test("false alarms over all looks", (t) => {
  const designs = [
    { profiles: 1, blocks: 10, min: 10, experiments: 20_000 },
    { profiles: 2, blocks: 12, min: 12, experiments: 20_000 },
    { profiles: 2, blocks: 12, min: 6, experiments: 20_000 },
    { profiles: 4, blocks: 14, min: 6, experiments: 5000 },
  ];
  for (const { profiles, blocks, min, experiments } of designs) {
    const looks = looksFor({ min, max: blocks, comparisons: 2 * profiles });
    const common = { seed: 7, blocks, looks, profiles, noise: 0.02, ratio: 1 };
    const strict = ratesOf({ ...common, experiments, tolerance: nothingTolerated }).falseAlarms;
    const usual = ratesOf({ ...common, experiments: experiments / 4, tolerance: 0.05 });
    t.log(
      `${profiles} profiles x 2 measures, looks ${looks.length === 0 ? `${blocks} only` : looks.join(", ")}: false alarms ${percent(strict)} of ${experiments} with no tolerance, ` +
        `${percent(usual.falseAlarms)} with 5%; same ${percent(usual.verdicts.same)}, ${usual.blocks.toFixed(1)} blocks on average`,
    );
    t.true(strict < 0.05 + 2 * Math.sqrt((0.05 * 0.95) / experiments), `${strict}`);
  }
  const peeking = { seed: 7, blocks: 14, looks: [], profiles: 1, noise: 0.02, ratio: 1, tolerance: nothingTolerated };
  t.log(`judged anew after every block up to 14: ${percent(ratesOfPeeking({ ...peeking, experiments: 3000 }))}`);
});

test("power: what is called better, by true effect and noise", (t) => {
  for (const blocks of [8, 10, 12]) {
    for (const noise of [0.01, 0.02, 0.04]) {
      const shares = [1, 1.05, 1.1, 1.2].map((ratio) => {
        const { verdicts } = ratesOf({
          experiments: 1000,
          seed: 9,
          blocks,
          looks: [],
          profiles: 1,
          noise,
          ratio,
          tolerance: 0.05,
        });
        t.true(verdicts.worse < 0.01);
        return `${ratio}: better ${percent(verdicts.better)} same ${percent(verdicts.same)}`;
      });
      t.log(`${blocks} blocks, noise of a trial ${percent(noise)}; true ratio ${shares.join("; ")}`);
    }
  }
});

test("the promised detectable difference is found in 80 of 100, at every size of run", (t) => {
  for (const blocks of [8, 9, 10, 12, 13, 15]) {
    const request = { deviation: 0.02 * Math.SQRT2, blocks, comparisons: 4, looks: 1, tolerance: 0.05 };
    const effect = minimumDetectable(request) ?? 0;
    const common = { experiments: 2000, seed: 3, blocks, looks: [], profiles: 2, noise: 0.02 };
    const found = ratesOf({ ...common, tolerance: 0.05, ratio: 1 + effect }).verdicts.better;
    const tolerance = reachableTolerance(request) ?? 0;
    const same = ratesOf({ ...common, tolerance, ratio: 1 }).verdicts.same;
    t.log(
      `${blocks} blocks: ${percent(effect)} is found in ${percent(found)}; within ${percent(tolerance)} called the same in ${percent(same)}`,
    );
    t.true(Math.abs(found - 0.8) < 0.06 && Math.abs(same - 0.8) < 0.06, `${found} ${same}`);
  }
});
