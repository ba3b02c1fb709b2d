import test from "ava";
import { receiveRunners } from "../../../../harness/engines/windows/receive-runners.ts";
import type { Window } from "../../../../harness/results/window.ts";
import { durations, exportBody, requests, started } from "../../../helpers/otlp-export.ts";

const relayUnixMs = 1_795_253_781_000;

/** Two runners that begin at 1 s of the trial's clock, the second 30 ms late, on nodes whose clocks are not the relay's. */
function twoRunners(clockErrorsMs: [number, number]) {
  const windows: Window[] = [];
  const zero = performance.now();
  const receiver = receiveRunners({
    count: 2,
    at: (ms) => ms - zero,
    onWindow: (each) => windows.push(each),
  });
  const send = (runner: 0 | 1, collectedMs: number, metrics: (stampMs: number) => object[], onTheWayMs = 2) => {
    const stampMs = relayUnixMs + clockErrorsMs[runner] + collectedMs;
    const atMs = zero + collectedMs + onTheWayMs;
    receiver.take({ runner, body: exportBody(metrics(stampMs)), unixMs: relayUnixMs + collectedMs + onTheWayMs, atMs });
  };
  const load = (stampMs: number) => [requests(3, stampMs - 500), durations(stampMs - 500)];
  for (const [runner, phaseMs, lateMs] of [
    [0, 100, 0],
    [1, 300, 30],
  ] as const) {
    for (let place = 0; place < 5; place += 1) {
      const beganMs = 1000 + lateMs;
      const inSetup = place < 2;
      send(
        runner,
        phaseMs + 500 * place,
        (stampMs) => {
          const gauge = started(relayUnixMs + clockErrorsMs[runner] + beganMs, stampMs);
          return inSetup ? [] : [gauge, ...load(stampMs)];
        },
        place === 3 ? 40 : 2,
      );
    }
  }
  return { receiver, windows };
}

for (const clockErrorsMs of [
  [0, 0],
  [3_600_000, -5000],
] as [number, number][]) {
  test(`windows of runners are merged, and the skew of their start is known, with clocks ${clockErrorsMs.join(" and ")} ms off`, (t) => {
    const { receiver, windows } = twoRunners(clockErrorsMs);
    t.deepEqual(
      windows.map(({ endMs, requests, latencyMs }) => [Math.round(endMs), requests, latencyMs?.count]),
      [
        [1202, 6, 6],
        [1702, 6, 6],
        [2202, 6, 6],
      ],
    );
    t.is(Math.round(receiver.skewMs() ?? Number.NaN), 30);
    t.is(receiver.received, 10);
    t.deepEqual(receiver.missing(), []);
    receiver.close();
    t.is(windows.length, 3);
  });
}

test("what can't be read is counted; a runner beyond the count is a bug", (t) => {
  const receiver = receiveRunners({ count: 2, at: () => 0, onWindow: () => t.fail() });
  receiver.take({ runner: 0, body: Buffer.from("no export"), unixMs: 0, atMs: 0 });
  t.is(receiver.failed, 1);
  t.is(receiver.skewMs(), null);
  t.throws(() => receiver.take({ runner: 2, body: exportBody([]), unixMs: 0, atMs: 0 }), { instanceOf: RangeError });
  receiver.close();
  t.deepEqual(receiver.missing(), [0, 1], "no window of either ever came");
});
