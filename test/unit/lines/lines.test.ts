import { PassThrough, Writable } from "node:stream";
import test from "ava";
import fc from "fast-check";
import { createClock } from "../../../harness/lines/clock.ts";
import { createLineReader, type LineReader } from "../../../harness/lines/line-reader.ts";
import { createLineWriter, lineOf } from "../../../harness/lines/line-writer.ts";

const message = fc.record({
  kind: fc.constantFrom("beat", "export"),
  text: fc.string(),
  n: fc.double({ noNaN: true }),
});

/** Lines 1 to n, without their ends. */
function written(messages: object[]): string[] {
  return messages.map((each, place) => lineOf(place + 1, each).slice(0, -1));
}

function numbered(count: number): string[] {
  return written(Array.from({ length: count }, (_, place) => ({ place: place + 1 })));
}

/** What a reader hands on for the follows of a log, each a list of lines, and for its end. */
function readAll(follows: string[][]): { places: number[]; reader: LineReader } {
  const reader = createLineReader();
  const messages = follows.flatMap((lines) => {
    reader.begin();
    return lines.flatMap((line) => reader.take(line));
  });
  const all = [...messages, ...reader.giveUp()] as { place: number }[];
  return { places: all.map(({ place }) => place), reader };
}

function upTo(last: number): number[] {
  return Array.from({ length: last }, (_, place) => place + 1);
}

test("what is written is read back, each once and in order", async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(message), async (messages) => {
      const out = new PassThrough({ encoding: "utf8" });
      const writer = createLineWriter(out);
      for (const each of messages) void writer.write(each);
      out.end();
      const text = (await out.toArray()).join("");
      const reader = createLineReader();
      const read = text.split("\n").flatMap((line) => reader.take(line));
      t.deepEqual(read, JSON.parse(JSON.stringify(messages)));
      t.deepEqual(reader.faults, { gaps: [], badSums: 0, foreign: 1 }, "the empty text after the last line's end");
    }),
  );
});

test("a write resolves once the line was taken", async (t) => {
  const waiting: (() => void)[] = [];
  const out = new Writable({ write: (_chunk, _encoding, taken) => void waiting.push(taken) });
  const writer = createLineWriter(out);
  const order: string[] = [];
  const written = [writer.write({}).then(() => order.push("first")), writer.write({}).then(() => order.push("second"))];
  await new Promise(setImmediate);
  t.deepEqual(order, [], "nobody takes what was written");
  waiting.shift()?.();
  await written[0];
  t.deepEqual(order, ["first"]);
  waiting.shift()?.();
  await Promise.all(written);
  t.deepEqual(order, ["first", "second"]);
});

test("follows that begin anew repeat lines: each is handed on once", (t) => {
  fc.assert(
    fc.property(fc.nat({ max: 40 }), fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 6 }), (count, cuts) => {
      const lines = numbered(count);
      let seen = 0;
      const follows = cuts.map(([back, on]) => {
        const from = Math.max(0, seen - (back % 10));
        const to = Math.min(count, from + (on % 15));
        seen = Math.max(seen, to);
        return lines.slice(from, to);
      });
      const { places, reader } = readAll(follows);
      t.deepEqual(places, upTo(seen));
      t.deepEqual(reader.faults, { gaps: [], badSums: 0, foreign: 0 });
      t.is(reader.last, seen);
    }),
  );
});

test("what one follow lacks and the next brings is not lost", (t) => {
  fc.assert(
    fc.property(fc.array(fc.boolean(), { minLength: 1, maxLength: 40 }), (kept) => {
      const lines = numbered(kept.length);
      const { places, reader } = readAll([lines.filter((_, place) => kept[place]), lines]);
      t.deepEqual(places, upTo(kept.length));
      t.deepEqual(reader.faults.gaps, []);
    }),
  );
});

test("lines that never come are told exactly, whatever came meanwhile", (t) => {
  const fate = fc.constantFrom("kept", "kept", "kept", "lost", "cut", "changed", "foreign before");
  fc.assert(
    fc.property(fc.array(fate, { maxLength: 40 }), fc.boolean(), (fates, again) => {
      const lines = numbered(fates.length).flatMap((line, place) => spoiled(line, fates[place] ?? "kept"));
      const { places, reader } = readAll(again ? [lines, lines] : [lines]);
      const whole = fates.flatMap((each, place) =>
        each.startsWith("kept") || each === "foreign before" ? [place + 1] : [],
      );
      const missing = upTo(Math.max(0, ...whole)).filter((place) => !whole.includes(place));
      t.deepEqual(places, whole);
      t.deepEqual(
        reader.faults.gaps.flatMap(({ from, to }) => upTo(to).slice(from - 1)),
        missing,
      );
      t.true(reader.faults.gaps.every(({ from, to }, place, all) => from > (all[place - 1]?.to ?? 0) && to >= from));
      const times = again ? 2 : 1;
      t.is(reader.faults.badSums, times * fates.filter((each) => each === "changed").length);
      t.is(reader.faults.foreign, times * fates.filter((each) => each === "foreign before" || each === "cut").length);
    }),
  );
});

function spoiled(line: string, fate: string): string[] {
  if (fate === "lost") return [];
  if (fate === "cut") return [line.slice(0, 8)];
  if (fate === "changed") return [line.replace("place", "plaice")];
  if (fate === "foreign before") return ["(node:1) Warning: something", line];
  return [line];
}

test("a line that lost any part of its end, or with any byte changed, is never taken for whole", (t) => {
  const line = lineOf(12, { kind: "export", body: "AQIDBA==" }).slice(0, -1);
  for (let end = 0; end < line.length; end += 1) {
    const reader = createLineReader();
    t.deepEqual([...reader.take(line.slice(0, end)), ...reader.giveUp()], [], `cut to ${end}`);
  }
  for (let at = 0; at < line.length; at += 1) {
    const byte = line.charCodeAt(at);
    const changed = line.slice(0, at) + String.fromCharCode(byte === 57 ? 56 : byte ^ 1) + line.slice(at + 1);
    const reader = createLineReader();
    t.deepEqual([...reader.take(changed), ...reader.giveUp()], [], changed);
  }
});

test("a hole is known at once, and given up only when a second follow jumps over it", (t) => {
  const [one = "", , three = "", four = "", , six = ""] = numbered(6);
  const reader = createLineReader();
  const places = (messages: object[]) => (messages as { place: number }[]).map(({ place }) => place);
  t.deepEqual(places(reader.take(one)), [1]);
  t.false(reader.jumped);
  t.deepEqual(places([three, four].flatMap(reader.take)), []);
  t.true(reader.jumped);
  reader.begin();
  t.false(reader.jumped);
  t.deepEqual(places(reader.take(one)), []);
  t.deepEqual(places(reader.take(three)), [3, 4], "4 had come already");
  t.deepEqual(reader.faults.gaps, [{ from: 2, to: 2 }]);
  t.false(reader.jumped);
  t.deepEqual(places(reader.take(six)), [], "a hole that no earlier follow met");
  t.true(reader.jumped);
  t.deepEqual(places(reader.giveUp()), [6]);
});

test("the clocks are laid over one another by the line that came soonest", (t) => {
  const clock = createClock();
  t.is(clock.at(5), Number.NaN);
  clock.see(1000, 5100);
  t.is(clock.at(1000), 5100);
  clock.see(2000, 6020);
  clock.see(2500, 9000);
  clock.see(2000, 9500);
  t.is(clock.at(3000), 7020, "lines that were late, or came again, change nothing");
});
