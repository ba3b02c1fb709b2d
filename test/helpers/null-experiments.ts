import type { ExecutionContext } from "ava";
import { looksFor } from "../../harness/stats/interim-analyses.ts";
import { ratesOf, ratesOfPeeking } from "./experiments.ts";

/** Something that the judgement promises of noise, shown by as many experiments as there is time for. */
interface Claim {
  title: string;
  /** Experiments that show it in about a second. */
  few: number;
  /** Experiments of the soak. */
  many: number;
  show(t: ExecutionContext, experiments: number): void;
}

/** Two profiles and two measures; the tolerance is next to nothing, so that the test alone stands between noise and a verdict. */
export const design = { seed: 20261121, profiles: 2, noise: 0.02, tolerance: 1e-6, ratio: 1 };
const looks = looksFor({ min: 6, max: 12, comparisons: 4 });

/** Three standard errors of a share of 5%. */
const slack = (experiments: number) => 3 * Math.sqrt((0.05 * 0.95) / experiments);

/** What is claimed of runs in which nothing differs, or next to nothing. */
export const claims: Claim[] = [
  {
    title: "null experiments: any false alarm over all looks in fewer than 5 of 100",
    few: 400,
    many: 2000,
    show(t, experiments) {
      t.is(looks.length, 3);
      const { falseAlarms } = ratesOf({ ...design, experiments, blocks: 12, looks });
      t.true(falseAlarms < 0.05, `${falseAlarms}`);
      t.true(falseAlarms > 0.005, `${falseAlarms}: the simulation never alarms, so it shows nothing`);
    },
  },
  {
    title: "null experiments without looks: the same",
    few: 300,
    many: 1000,
    show(t, experiments) {
      const { falseAlarms } = ratesOf({ ...design, experiments, blocks: 10, looks: [] });
      t.true(falseAlarms < 0.05 + slack(experiments), `${falseAlarms}`);
      t.true(falseAlarms > 0.01, `${falseAlarms}`);
    },
  },
  {
    title: "judged anew after every block, the same noise gives twice as many and more: the simulation can tell",
    few: 400,
    many: 2000,
    show(t, experiments) {
      const rate = ratesOfPeeking({ ...design, seed: 1, experiments, blocks: 12, looks: [] });
      t.true(rate > 0.07, `${rate}`);
    },
  },
  {
    title:
      "identical profiles are the same where the noise allows, and a difference beyond the tolerance hardly ever is",
    few: 150,
    many: 500,
    show(t, experiments) {
      const truth = { ...design, experiments, blocks: 12, looks, noise: 0.01, tolerance: 0.05 };
      const same = ratesOf(truth);
      t.true(same.verdicts.same > 0.95, JSON.stringify(same));
      t.true(same.blocks < 10, "and most runs end at the first look");
      // Just beyond the tolerance each look of three has its share of 2.5%.
      const beyond = ratesOf({ ...truth, noise: 0.02, ratio: 1.0501 });
      t.true(beyond.verdicts.same < 0.025 + 3 * Math.sqrt((0.025 * 0.975) / experiments), JSON.stringify(beyond));
      t.is(beyond.verdicts.worse, 0);
    },
  },
];
