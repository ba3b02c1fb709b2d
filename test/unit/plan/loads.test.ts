import test from "ava";
import { makePlan } from "../../../harness/plan/make-plan.ts";
import { caveatSentence } from "../../../harness/report/words/caveats.ts";
import type { Suite } from "../../../harness/suite/suite.ts";
import { suiteFrom } from "../../helpers/suite-files.ts";

const memoryBytes = 32 * 2 ** 30;

function planOf(suite: Suite, options: { blocks?: number; profiles?: string[] } = {}) {
  return makePlan(suite, { seed: 1, memoryBytes, ...options });
}

function caveats(suite: Suite, options = {}): Record<string, string> {
  return Object.fromEntries(planOf(suite, options).caveats.map((caveat) => [caveat.code, caveatSentence(caveat)]));
}

test("blocks with a minimum have looks; a number of blocks on the command line has none", (t) => {
  const suite = suiteFrom("everything");
  t.like(planOf(suite), { blocks: 20, looks: [9, 15, 20] });
  t.like(planOf(suite, { blocks: 12 }), { blocks: 12, looks: [] });
  t.deepEqual(planOf(suite, { profiles: ["plain"] }).looks, [], "nothing is compared");
  t.deepEqual(planOf(suiteFrom("ports")).looks, []);
});

test("too few blocks for a look before the end are said", (t) => {
  const tight = suiteFrom("conditions", (text) => text.replace("max: 12", "max: 7"));
  t.deepEqual(planOf(tight).looks, []);
  t.regex(caveats(tight)["no-early-look"] ?? "", /before the last of 7 blocks.*: 8 would allow one$/);
  t.deepEqual(planOf(suiteFrom("conditions", (text) => text.replace("max: 12", "max: 8"))).looks, [7, 8]);
  t.deepEqual(caveats(suiteFrom("conditions")), {});
});

test("the expected time holds recheck, retries and every step of every search", (t) => {
  const blocks = 2;
  const plain = planOf(suiteFrom("conditions"), { blocks }).expectedSeconds;
  t.is(plain, 2 * 2 * (35 + 1));
  const more = suiteFrom("conditions", (text) => `${text}recheck: 3\nretries: 2\n`);
  t.is(planOf(more, { blocks }).expectedSeconds, plain + 3 * 2 * 36 + 2 * 36);
  t.is(planOf(suiteFrom("searched"), { blocks: 1 }).expectedSeconds, 17 * 20 * (17 + 1));
});

test("a search's walls are predicted at the highest rate it may try, within a step", (t) => {
  const [baseline, reuse] = planOf(suiteFrom("searched")).predictions;
  t.like(baseline, { wallPorts: 28_232, wallSeconds: 28_232 / 5000, cliffSeconds: 14_116 / 5000 });
  t.like(reuse, { wallPorts: null });
});

test("a search that holds for less than a TIME_WAIT may miss the ports' wall", (t) => {
  const to = (rate: string, holding = "15s") =>
    suiteFrom("searched", (text) =>
      text.replace("to: 5000/s", `to: ${rate}`).replace("holding: 15s", `holding: ${holding}`),
    );
  const code = "search-hides-wall";
  const message = caveats(to("5000/s"))[code] ?? "";
  t.regex(message, /held for 15 s, less than a TIME_WAIT's 60 s.*baseline \(470\/s\), workers=2 \(470\/s\)/);
  t.notRegex(message, /reuse=1/);
  t.is(caveats(to("470/s"))[code], undefined);
  t.is(caveats(to("5000/s", "60s"))[code], undefined);
});

test("too few steps for the bounds and the precision are said", (t) => {
  // 100/s to 5000/s: 7 rates; from a doubling down to 2.5%: 5 halvings; one confirmation.
  const steps = (count: number) =>
    caveats(suiteFrom("searched", (text) => text.replace("steps: 20", `steps: ${count}`)));
  t.is(steps(13)["too-few-steps"], undefined);
  t.regex(steps(12)["too-few-steps"] ?? "", /may need 13 steps to be 2\.5% precise, and has 12/);
});

test("a search that is coarser than the tolerance can call nothing the same", (t) => {
  const precision = (share: string) =>
    caveats(suiteFrom("searched", (text) => text.replace("precision: 2.5%", `precision: ${share}`)));
  t.is(precision("5%")["search-too-coarse"], undefined);
  t.regex(precision("10%")["search-too-coarse"] ?? "", /from 10% on, and the tolerance is 5%/);
});

test("what may end the load before its conditions are over is said", (t) => {
  const stop = (criteria: string) => caveats(suiteFrom("conditions", (text) => `${text}stop: ${criteria}\n`));
  const code = "conditions-may-be-cut-short";
  t.regex(
    stop("{fault: {ratio: 1%, windows: 2}}")[code] ?? "",
    /^stop\.fault may end the load before its conditions are over \(conditions with actions are spared by stop\.fault\): /,
  );
  t.regex(
    stop("{requests: 20000, cliff: {windows: 6}}")[code] ?? "",
    /^stop\.cliff and stop\.requests .* by stop\.cliff\)/,
  );
  t.regex(stop("{requests: 20000}")[code] ?? "", /^stop\.requests/);
  t.is(stop("{requests: 22500}")[code], undefined);
  const disturbed = suiteFrom("conditions", (text) =>
    `${text}stop: {fault: {ratio: 1%, windows: 2}}\n`.replace(/^ {2}(normal|peak):.*\n/gm, ""),
  );
  t.is(caveats(disturbed)[code], undefined, "no condition is left that a fault may end");
});

test("a profile's own load decides when its walls come", (t) => {
  const own = suiteFrom("ports", (text) => text.replace(/^ {2}backlog: .*$/m, "  backlog: {load: {rate: 1000/s}}"));
  const walls = planOf(own).predictions.find(({ profile }) => profile === "backlog");
  t.is(walls?.wallSeconds, 28.232);
});
