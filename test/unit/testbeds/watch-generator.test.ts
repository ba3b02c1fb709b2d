import test from "ava";
import { k6 } from "../../../harness/engines/k6/k6.ts";
import type { Happening } from "../../../harness/results/events.ts";
import { watchGenerator } from "../../../harness/testbeds/watch-generator.ts";

const lost = 'level=error msg="failed to upload metrics: connection refused"';
const thrown = (words: string) => `level=error msg="${words} at f (file:///s/load.ts:7:8(7))"`;

test("each lost export counts until the generator is told to end; of the script's errors the first is told", (t) => {
  const events: Happening[] = [];
  const watched = watchGenerator(k6, { event: (happening) => void events.push(happening) });
  for (const line of [lost, "running", thrown("first"), lost, thrown("second")]) watched.take(line);
  watched.told();
  watched.take(lost);
  t.is(watched.failedExports(), 2);
  t.is(watched.thrown(), 2);
  t.deepEqual(events, [
    { kind: "export-failed", line: lost },
    { kind: "script-error", words: "first at f (s/load.ts:7:8(7))" },
    { kind: "export-failed", line: lost },
  ]);
});

test("of the responses that users tell of, five of each status are noted", (t) => {
  const events: Happening[] = [];
  const watched = watchGenerator(k6, { event: (happening) => void events.push(happening) });
  const response = { method: "GET", url: "http://h/", error: "", body: null, characters: null };
  const line = (status: number) =>
    `msg="tunebench-response ${encodeURIComponent(JSON.stringify({ ...response, status }))}"`;
  for (const status of [200, 404, 200, 200, 200, 200, 200, 200]) watched.take(line(status));
  t.deepEqual(
    events.map((event) => event.kind === "response-seen" && event.status),
    [200, 404, 200, 200, 200, 200],
  );
  watched.told();
  for (const status of [0, 503]) watched.take(line(status));
  t.is(events.length, 7, "what the load's end cuts off is no answer of the service");
});
