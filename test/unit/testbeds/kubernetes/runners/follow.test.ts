import { gzipSync } from "node:zlib";
import test from "ava";
import fc from "fast-check";
import { lineOf } from "../../../../../harness/lines/line-writer.ts";
import type { RelayMessage, SamplerMessage } from "../../../../../harness/pods/messages.ts";
import { ApiRefusal } from "../../../../../harness/testbeds/kubernetes/api/refusal.ts";
import { countExports } from "../../../../../harness/testbeds/kubernetes/runners/export-counts.ts";
import { followLines, type OpenLog } from "../../../../../harness/testbeds/kubernetes/runners/follow-lines.ts";
import { observePods } from "../../../../../harness/testbeds/kubernetes/runners/follow-samplers.ts";
import { followText } from "../../../../../harness/testbeds/kubernetes/runners/follow-text.ts";
import { followRelay } from "../../../../../harness/testbeds/kubernetes/runners/relay-follow.ts";

const unixMs = 1_795_253_781_000;

interface Beat {
  ms: number;
  unixMs: number;
  place: number;
}

/** A log of beats, one a second, that are all written; and what `sinceTime` of a follow gives of it. */
function beats(count: number): { line: string; unixMs: number }[] {
  return Array.from({ length: count }, (_, place) => {
    const beat: Beat = { ms: place * 1000, unixMs: unixMs + place * 1000, place: place + 1 };
    return { line: lineOf(place + 1, beat).slice(0, -1), unixMs: beat.unixMs };
  });
}

/** Follows that end as `cut` says: after so many lines, with or without an error, or jumping over some. */
function cutLog(lines: { line: string; unixMs: number }[], cuts: { after: number; error: boolean; skip: number[] }[]) {
  const asked: (string | undefined)[] = [];
  const done: number[] = [];
  const openLog: OpenLog = async function* ({ sinceTime, signal }) {
    asked.push(sinceTime);
    const cut = cuts.shift();
    const from = sinceTime === undefined ? Number.NEGATIVE_INFINITY : Date.parse(sinceTime);
    const there = lines.filter((each) => each.unixMs >= from);
    for (const [place, { line }] of there.entries()) {
      if (place === cut?.after) {
        done.push(place);
        if (cut.error) throw new Error("the stream was cut");
        return;
      }
      if (cut?.skip.includes(place) !== true) yield line;
    }
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
  };
  return { openLog, asked, done };
}

function followed(openLog: OpenLog, last: number) {
  const places: number[] = [];
  const all = Promise.withResolvers<void>();
  const follow = followLines<Beat>({
    openLog,
    pod: "relay",
    container: "relay",
    whose: "the relay's log",
    onMessage({ place }) {
      places.push(place);
      if (place === last) all.resolve();
    },
  });
  return { places, follow, all: all.promise };
}

test("however a follow ends, it is taken up a little before the last line, and each message comes once", async (t) => {
  const cut = fc.record({
    after: fc.integer({ min: 4, max: 9 }),
    error: fc.boolean(),
    skip: fc.constant<number[]>([]),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(cut, { maxLength: 2 }), async (cuts) => {
      const { openLog, asked, done } = cutLog(beats(15), [...cuts]);
      const { places, follow, all } = followed(openLog, 15);
      await all;
      follow.stop();
      t.deepEqual(
        places,
        Array.from({ length: 15 }, (_, place) => place + 1),
      );
      t.deepEqual(follow.losses(), []);
      // A second follow begins where fewer lines are left than its cut may want.
      t.is(asked.length, done.length + 1);
      t.is(asked[0], undefined, "from the beginning");
    }),
    { numRuns: 10 },
  );
});

test("the next follow begins two seconds before the last message, in whole seconds", async (t) => {
  const { openLog, asked } = cutLog(beats(8), [{ after: 6, error: false, skip: [] }]);
  const { follow, all } = followed(openLog, 8);
  await all;
  follow.stop();
  t.deepEqual(asked, [undefined, new Date(unixMs + 3000).toISOString().replace(".000Z", "Z")]);
});

test("lines that a follow jumped over are looked for again at once; those that are gone are told", async (t) => {
  const found = cutLog(beats(6), [{ after: 9, error: false, skip: [3] }]);
  const one = followed(found.openLog, 6);
  await one.all;
  one.follow.stop();
  t.deepEqual(one.places, [1, 2, 3, 4, 5, 6]);
  t.deepEqual(one.follow.losses(), []);
  const rotated = cutLog(
    beats(6).filter((_, place) => place !== 2 && place !== 3),
    [],
  );
  const other = followed(rotated.openLog, 6);
  await other.all;
  other.follow.stop();
  t.deepEqual(other.places, [1, 2, 5, 6]);
  t.deepEqual(other.follow.losses(), [
    "lines 3 to 4 of the relay's log never came: the log was cut or rotated away before it was read",
  ]);
});

test("why a log can't be had is known while it can't", async (t) => {
  let attempts = 0;
  const again = Promise.withResolvers<void>();
  const { follow } = followed(async function* () {
    attempts += 1;
    if (attempts > 1) again.resolve();
    yield* [];
    throw new Error("no such pod");
  }, 1);
  await again.promise;
  t.is(follow.trouble(), "no such pod");
  follow.stop();
});

test("a log of plain lines is read to the container's end, each line once, whatever cuts it", async (t) => {
  const text = ["a", "b", "b", "c"];
  let over = false;
  const lines: string[] = [];
  const cuts = [1, 3];
  const openLog: OpenLog = async function* () {
    const cut = cuts.shift();
    yield* text.slice(0, cut);
    if (cut === 1) throw new Error("cut");
    over = true;
  };
  const trouble = await followText({
    openLog,
    pod: "p",
    container: "k6",
    onLine: (line) => lines.push(line),
    isOver: () => over,
    patienceMs: 1000,
    signal: new AbortController().signal,
  });
  t.is(trouble, null);
  t.deepEqual(lines, text);
});

test("a pod that is gone after its log had ended leaves nothing to read; one whose log was cut leaves a sentence", async (t) => {
  const gone = () =>
    new ApiRefusal("the log could not be read", { code: 404, reason: "NotFound", message: "gone" }, undefined);
  const read = async (first: "ends" | "is cut") => {
    let asked = 0;
    return await followText({
      openLog: async function* () {
        asked += 1;
        if (asked > 1) throw gone();
        yield "a";
        if (first === "is cut") throw new Error("cut");
      },
      pod: "p",
      container: "k6",
      onLine: () => {},
      isOver: () => asked > 0,
      patienceMs: 0,
      signal: new AbortController().signal,
    });
  };
  t.is(await read("ends"), null);
  t.regex((await read("is cut")) ?? "", /cut|could not be read/);
});

test("samples come on this process's clock; a sampler whose pod has ended is not waited for", async (t) => {
  const say = (messages: SamplerMessage[]): OpenLog =>
    async function* ({ signal }) {
      yield* messages.map((message, place) => lineOf(place + 1, message).slice(0, -1));
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
    };
  const sample = { kind: "sockets" as const, atMs: 1_000_000, role: "target", timeWait: 3, inUse: 4 };
  const observer = observePods(
    say([
      { kind: "settings", ms: 999_990, unixMs, values: { "net.core.somaxconn": "4096" } },
      { kind: "settings", ms: 999_999, unixMs, values: { "net.core.somaxconn": "128" } },
      { kind: "sample", ms: 1_000_000, sample },
      { kind: "costs", ms: 1_000_001, last: true, samplers: [] },
    ]),
  );
  const arrived = Promise.withResolvers<number>();
  observer.listen(({ atMs }) => arrived.resolve(atMs));
  const before = performance.now();
  observer.add({ role: "target", pod: "target" });
  const atMs = await arrived.promise;
  t.true(atMs >= before && atMs <= performance.now() + 11);
  t.deepEqual(observer.firstSettingsOf("target"), { "net.core.somaxconn": "4096" });
  t.deepEqual(observer.settingsOf("target"), { "net.core.somaxconn": "128" }, "it changed, which is seen");
  t.deepEqual(await observer.stop(performance.now()), { samplers: [], losses: [] });
});

const exported = { kind: "export", ms: 2, unixMs: 1, trial: "001", runner: 0 } as const;

test("exports from the start on are handed on, what can't be unpacked to be counted as lost; who had no secret is counted once", async (t) => {
  const said: RelayMessage[] = [
    { kind: "beat", ms: 1, unixMs, trials: {}, unauthenticated: 2 },
    { ...exported, seq: 1, encoding: "identity", body: Buffer.from("waits for others").toString("base64") },
    { kind: "start", ms: 1, unixMs, trial: "001", startUnixMs: 2 },
    { ...exported, seq: 2, encoding: "gzip", body: gzipSync("whole").toString("base64") },
    { ...exported, seq: 3, encoding: "gzip", body: Buffer.from("no gzip").toString("base64") },
    { ...exported, seq: 4, encoding: "gzip", body: gzipSync(Buffer.alloc(65 * 1024 * 1024)).toString("base64") },
    { kind: "beat", ms: 3, unixMs, trials: { "001": { 0: 4 } }, unauthenticated: 3 },
  ];
  const relay = followRelay(async function* ({ signal }) {
    yield* said.map((message, place) => lineOf(place + 1, message).slice(0, -1));
    await new Promise((resolve) => signal.addEventListener("abort", resolve));
  }, "relay");
  t.teardown(relay.stop);
  const bodies: Uint8Array[] = [];
  const counts = countExports(relay, "001", ({ body }) => void bodies.push(body));
  const last = Promise.withResolvers<void>();
  relay.listen(({ kind, ms }) => void (kind === "beat" && ms === 3 && last.resolve()));
  await last.promise;
  t.deepEqual(
    bodies.map((body) => Buffer.from(body).toString("latin1").slice(0, 7)),
    ["whole", "no gzip", gzipSync("").toString("latin1").slice(0, 7)],
  );
  t.deepEqual(counts.of(0), { sent: 4, received: 4 });
  t.deepEqual([relay.takeUnauthenticated(), relay.takeUnauthenticated()], [5, 0]);
});
