import test from "ava";
import { attributeFaults, type Clues } from "../../../harness/detect/attribute.ts";
import { findFault } from "../../../harness/detect/fault.ts";
import { matchLine } from "../../../harness/detect/log-match.ts";
import { type FaultCount, statusFault, type Window } from "../../../harness/results/window.ts";
import { half, halves, portSamples } from "./story.ts";

const criterion = { kind: "EADDRNOTAVAIL", ratio: 0.01, windows: 2 };
const signatures = [
  { kind: "EADDRNOTAVAIL", match: "Cannot assign requested address", in: "log" as const },
  { kind: "POOL", match: "pool timeout", in: "body" as const },
];
const of = (kind: string, count = 50, side: FaultCount["side"] = "target"): FaultCount[] => [{ kind, side, count }];
const logged = (atMs: number, fault: string) =>
  ({ atMs, kind: "fault-logged", role: "target", fault, line: "Error: boom" }) as const;

function fault(windows: Window[], clues: Partial<Clues> = {}, asked: typeof criterion | null = criterion) {
  const all = { samples: [], events: [], signatures, usablePorts: 28232, healthy: null, ...clues };
  return findFault(attributeFaults(windows, all), asked, 1000);
}

test("the first fault begins with the row of windows that holds it, not with a stray failure before", (t) => {
  const windows = [
    half(1, 100, 1, { faults: of("EADDRNOTAVAIL", 1) }),
    ...halves(1.5, 4, 1000, 1),
    half(4, 1000, 1, { faults: of("EADDRNOTAVAIL", 2) }),
    ...halves(4.5, 6, 1000, 1, { faults: of("EADDRNOTAVAIL", 400) }),
  ];
  t.deepEqual(fault(windows), {
    atMs: 4000,
    declared: true,
    record: { kind: "EADDRNOTAVAIL", side: "target", firstSeconds: 3, seenIn: "body", inferred: false },
  });
  t.is(fault(windows.slice(0, 7)), null);
});

test("the declared kind comes before another that came earlier; another alone still breaks the service", (t) => {
  const refused = halves(1, 2, 100, 1, { faults: of("ECONNREFUSED") });
  const found = fault([...refused, ...halves(2, 3, 100, 1, { faults: of("EADDRNOTAVAIL") })]);
  t.is(found?.record.kind, "EADDRNOTAVAIL");
  t.is(found?.atMs, 2000);
  const other = fault(refused);
  t.is(other?.record.kind, "ECONNREFUSED");
  t.is(other?.record.seenIn, "dial");
  t.false(other?.declared);
  t.is(fault(refused, {}, null)?.record.kind, "ECONNREFUSED");
});

test("the generator's own failures never count", (t) => {
  t.is(fault(halves(1, 4, 100, 1, { faults: of("EADDRNOTAVAIL", 90, "generator") })), null);
});

test("where a kind was seen: body, status", (t) => {
  t.is(fault(halves(1, 2, 100, 1, { faults: of("POOL") }))?.record.seenIn, "body");
  t.is(fault(halves(1, 2, 100, 1, { faults: [statusFault(500, 50)] }))?.record.seenIn, "status");
});

test("a body that says nothing is explained by the target's log of the same window", (t) => {
  const windows = halves(1, 3, 100, 1, { faults: [statusFault(500, 50)] });
  const events = [logged(2100, "EADDRNOTAVAIL"), logged(2600, "EADDRNOTAVAIL")];
  const found = fault(windows, { events });
  t.deepEqual(found?.record, {
    kind: "EADDRNOTAVAIL",
    side: "target",
    firstSeconds: 0.5,
    seenIn: "log",
    inferred: false,
  });
  const generators = events.map((event) => ({ ...event, role: "generator" }));
  t.is(fault(windows, { events: generators })?.record.kind, "HTTP 500");
});

test("a kind that the target logs may have blanks, and is stopped for by its whole name", (t) => {
  const windows = halves(1, 3, 100, 1, { faults: [statusFault(500, 50)] });
  const events = [logged(2100, "POOL EMPTY"), logged(2600, "POOL EMPTY")];
  const asked = { ...criterion, kind: "POOL EMPTY" };
  t.like(fault(windows, { events }, asked), { declared: true, record: { kind: "POOL EMPTY", seenIn: "log" } });
});

test("a 5xx with over 99% of the ports in use and no message anywhere is inferred; below that it is not", (t) => {
  const windows = halves(1, 3, 100, 1, { faults: [statusFault(500, 50)] });
  const found = fault(windows, { samples: portSamples(4, () => 28000) });
  t.deepEqual(found?.record, {
    kind: "EADDRNOTAVAIL",
    side: "target",
    firstSeconds: 0,
    seenIn: "inferred",
    inferred: true,
  });
  t.is(fault(windows, { samples: portSamples(4, () => 27900) })?.record.seenIn, "status");
  t.is(fault(windows, { samples: portSamples(4, () => 28000), usablePorts: null })?.record.seenIn, "status");
  const refusals = halves(1, 3, 100, 1, { faults: [statusFault(429, 50)] });
  t.is(fault(refusals, { samples: portSamples(4, () => 28000) })?.record.kind, "HTTP 429");
});

test("attribution keeps counts, sides and the windows' other fields", (t) => {
  const window = half(1, 100, 1, { faults: [statusFault(500, 30), ...of("EMFILE", 5, "generator")], dropped: 7 });
  const [explained] = attributeFaults([window], {
    samples: [],
    events: [logged(1200, "POOL")],
    signatures,
    usablePorts: null,
    healthy: null,
  });
  t.deepEqual(explained, {
    ...window,
    faults: [
      { kind: "POOL", side: "target", count: 30, seenIn: "log" },
      { kind: "EMFILE", side: "generator", count: 5, seenIn: "dial" },
    ],
  });
});

test("a line matches log signatures only, whatever its case", (t) => {
  t.is(matchLine(signatures, "dial tcp: CANNOT assign requested address")?.kind, "EADDRNOTAVAIL");
  t.is(matchLine(signatures, "pool timeout"), null);
  t.is(matchLine([], "anything"), null);
});
