import test from "ava";
import { sumCosts } from "../../../harness/results/sum-costs.ts";
import { startSampler } from "../../../harness/sampling/sampler.ts";

const pace = { shortestMs: 5, restPerCost: 0 };

test("looks at once, again at its pace, and a last time when stopped", async (t) => {
  const { promise, resolve } = Promise.withResolvers<void>();
  let looks = 0;
  const keepAlive = setInterval(() => {}, 1000);
  const sampler = startSampler(
    "sockets",
    pace,
    () => performance.now(),
    () => {
      looks += 1;
      if (looks === 3) resolve();
      return true;
    },
  );
  t.is(looks, 1);
  await promise;
  clearInterval(keepAlive);
  sampler.stop();
  t.is(looks, 4);
  sampler.stop();
  t.is(looks, 4);
  t.is(sampler.cost.looks, 4);
});

test("a look that finds nothing left ends the sampler", (t) => {
  let looks = 0;
  const sampler = startSampler(
    "ports",
    pace,
    () => 0,
    () => {
      looks += 1;
      return false;
    },
  );
  sampler.stop();
  t.is(looks, 1);
  t.deepEqual(sampler.cost.intervalMs, { shortest: 0, longest: 0 });
});

test("rests so many times what a look cost", async (t) => {
  const { promise, resolve } = Promise.withResolvers<number>();
  const times: { start: number; cost: number }[] = [];
  const keepAlive = setInterval(() => {}, 1000);
  const sampler = startSampler(
    "ports",
    { shortestMs: 0, restPerCost: 5 },
    () => performance.now(),
    () => {
      const start = performance.now();
      const before = process.cpuUsage();
      while (cpuMs(before) < 10) Math.sqrt(start);
      times.push({ start, cost: cpuMs(before) });
      if (times.length === 2) resolve(start);
      return true;
    },
  );
  await promise;
  clearInterval(keepAlive);
  sampler.stop();
  const [first, second] = times;
  t.true((second?.start ?? 0) - (first?.start ?? 0) >= 5 * (first?.cost ?? 0));
});

test("costs of one kind add up over the roles", (t) => {
  let now = 0;
  const look = () => {
    now += 100;
    return true;
  };
  const samplers = [1, 2].map(() => startSampler("ports", pace, () => now, look));
  for (const sampler of samplers) sampler.stop();
  const [cost, ...others] = sumCosts(samplers.map(({ cost }) => cost));
  t.deepEqual(others, []);
  t.is(cost?.looks, 4);
  t.is(
    cost?.cpuMs,
    samplers.reduce((sum, sampler) => sum + sampler.cost.cpuMs, 0),
  );
  t.deepEqual(cost?.intervalMs, { shortest: 200, longest: 200 });
});

function cpuMs(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
