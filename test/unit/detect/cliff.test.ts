import test from "ava";
import { findCliff } from "../../../harness/detect/cliff.ts";
import { counterSamples, half, halves, portSamples, storyInput, storyTimeWaits, storyWindows } from "./story.ts";

const usablePorts = 28232;
const story = portSamples(37, storyTimeWaits);

test("the trial measured by hand has its cliff at 7.5 s: 2,850/s fell to 464/s", (t) => {
  const cliff = findCliff(storyWindows, storyInput.samples, { usablePorts });
  t.deepEqual(cliff, { atMs: 7500, beforePerSecond: 2850, afterPerSecond: 464 });
});

test("the same fall with a quarter of the ports in use has another cause", (t) => {
  t.is(
    findCliff(
      storyWindows,
      portSamples(37, (at) => storyTimeWaits(at) / 4),
      { usablePorts },
    ),
    null,
  );
});

test("no cliff without a table of ports, or without knowing how many there are", (t) => {
  t.is(findCliff(storyWindows, [], { usablePorts }), null);
  t.is(findCliff(storyWindows, story, { usablePorts: null }), null);
});

test("a dip of a second and a half is not a cliff", (t) => {
  const windows = [
    ...halves(0, 8, 1425, 0.7),
    ...halves(8, 9.5, 200, 300, { dropped: 1225 }),
    ...halves(9.5, 20, 1425, 0.7),
  ];
  t.is(
    findCliff(
      windows,
      portSamples(20, () => 15000),
      { usablePorts },
    ),
    null,
  );
});

test("a load that asks for less is not a cliff", (t) => {
  const windows = [...halves(0, 8, 1425, 0.7), ...halves(8, 16, 300, 0.7)];
  t.is(
    findCliff(
      windows,
      portSamples(16, () => 15000),
      { usablePorts },
    ),
    null,
  );
});

test("recycled TIME_WAITs are not scanned: a fall with tcp_tw_reuse=1 has another cause", (t) => {
  const samples = [...story, ...counterSamples(37, { ActiveOpens: 2800, TWRecycled: 2500 })];
  t.is(findCliff(storyWindows, samples, { usablePorts }), null);
});

test("a hard wall without a cliff before it is not called one", (t) => {
  const faults = [{ kind: "EADDRNOTAVAIL", side: "target" as const, count: 100 }];
  const windows = [...halves(0, 8, 1425, 0.7), ...halves(8, 14, 100, 900, { faults, dropped: 1325 })];
  t.is(
    findCliff(
      windows,
      portSamples(14, () => 28232),
      { usablePorts },
    ),
    null,
  );
});

test("where the rate can still be served, a lasting rise of the median tells", (t) => {
  const rise = (to: number) => [...halves(0, 8, 300, 0.6), ...halves(8, to, 300, 2.4)];
  const samples = portSamples(14, (at) => at * 1780);
  t.is(findCliff(rise(12), samples, { usablePorts })?.atMs, 8000);
  t.is(findCliff(rise(10.5), samples, { usablePorts }), null);
  t.is(findCliff([...halves(0, 8, 300, 0.6), ...halves(8, 12, 300, 1.5)], samples, { usablePorts }), null);
});

test("it can be asked to have lasted", (t) => {
  const until = (to: number) => storyWindows.filter(({ endMs }) => endMs <= to * 1000);
  t.is(findCliff(until(9), story, { usablePorts }), null);
  t.is(findCliff(until(9.5), story, { usablePorts })?.atMs, 7500);
  t.is(findCliff(until(12), story, { usablePorts, windows: 10 }), null);
  t.is(findCliff(until(12.5), story, { usablePorts, windows: 10 })?.atMs, 7500);
});

test("a stall right at half the range is a cliff although nothing at all is served", (t) => {
  const windows = [...halves(0, 8, 1425, 0.7), half(8, 20, 30), ...halves(8.5, 12, 0, 1)];
  t.is(
    findCliff(
      windows,
      portSamples(12, (at) => at * 1780),
      { usablePorts },
    )?.atMs,
    8000,
  );
});
