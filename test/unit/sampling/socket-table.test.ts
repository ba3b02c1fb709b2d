import test from "ava";
import fc from "fast-check";
import { createTableCounter, type TableTally } from "../../../harness/sampling/socket-table.ts";

const head4 = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode".padEnd(
  149,
);
const head6 =
  "  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";
const range = { low: 32768, high: 60999 };

interface Row {
  local: number;
  remote: string;
  port: number;
  state: number;
  queued: number;
}

const hex = (value: number, digits: number) => value.toString(16).toUpperCase().padStart(digits, "0");

/** As get_tcp4_sock and get_tcp6_sock print them. */
function line({ local, remote, port, state, queued }: Row, slot: number): string {
  const own = "0".repeat(remote.length);
  const text = `${String(slot).padStart(4)}: ${own}:${hex(local, 4)} ${remote}:${hex(port, 4)} ${hex(state, 2)} ${hex(0, 8)}:${hex(queued, 8)} 00:00000000 00000000     0        0 0 3 00000000924162e7`;
  return remote.length === 8 ? text.padEnd(149) : text;
}

function tableOf(head: string, rows: Row[]): string {
  return [head, ...rows.map(line)].map((text) => `${text}\n`).join("");
}

/** Feeds pieces of the given size, carrying unfinished rows on, as the reader does. */
function feed(counter: ReturnType<typeof createTableCounter>, text: string, pieceBytes: number): void {
  let rest: Uint8Array = new Uint8Array();
  const bytes = Buffer.from(text, "latin1");
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    const piece = Uint8Array.from([...rest, ...bytes.subarray(at, at + pieceBytes)]);
    rest = piece.slice(counter.rows(piece, 0, piece.length));
  }
}

function count(text: string, pieceBytes = 65536): TableTally {
  const counter = createTableCounter(range);
  counter.begin();
  feed(counter, text, pieceBytes);
  return counter.tally();
}

/** TIME_WAITs whose time is over: as rows() has them where nothing else is asked for. */
const endingAtOnce = (count: number) => [count, ...new Array<number>(59).fill(0)];

const row = (local: number, state: number, more: Partial<Row> = {}): Row => ({
  local,
  remote: "020112C6",
  port: 3306,
  state,
  queued: 0,
  ...more,
});

test("ports per destination by state, a port that is used twice counted once", (t) => {
  const rows = [row(40000, 6), row(40001, 6), row(40001, 1), row(40000, 6, { port: 3307 }), row(40002, 2)];
  t.deepEqual(count(tableOf(head4, rows)).destinations, [
    {
      ...{ addressHex: "020112C6", port: 3306, sourceHex: null, ending: endingAtOnce(2) },
      ...{ states: { ESTABLISHED: 1, SYN_SENT: 1, TIME_WAIT: 2 }, inUse: 3 },
    },
    {
      addressHex: "020112C6",
      port: 3307,
      sourceHex: null,
      ending: endingAtOnce(1),
      states: { TIME_WAIT: 1 },
      inUse: 1,
    },
  ]);
});

test("rows of a listening port are not outgoing, nor those outside the range; the longest queue is kept", (t) => {
  const anyone = { remote: "00000000", port: 0 };
  const rows = [
    row(40000, 10, { ...anyone, queued: 3 }),
    row(40000, 10, { ...anyone, queued: 511 }),
    row(8080, 10, anyone),
    row(40000, 1, { port: 50000 }),
    row(32767, 6),
    row(61000, 6),
    row(32768, 6),
    row(60999, 6),
  ];
  const tally = count(tableOf(head4, rows));
  t.deepEqual(
    tally.destinations.map(({ inUse }) => inUse),
    [2],
  );
  t.deepEqual(
    [...tally.listening],
    [
      [40000, 511],
      [8080, 0],
    ],
  );
});

test("a second look starts from nothing", (t) => {
  const counter = createTableCounter(range);
  for (const rows of [[row(40000, 6), row(40001, 6, { port: 1 })], [row(40000, 6)], []]) {
    counter.begin();
    feed(counter, tableOf(head4, rows), 4096);
    t.deepEqual(
      counter.tally().destinations.map(({ inUse }) => inUse),
      rows.length === 2 ? [1, 1] : rows.map(() => 1),
    );
  }
});

test("slots wider than four digits, and IPv6 rows", (t) => {
  const text = [head6, line(row(40000, 6, { remote: "02000120000000000000000007000000" }), 28231)].join("\n");
  t.deepEqual(count(`${text}\n`).destinations, [
    {
      ...{ addressHex: "02000120000000000000000007000000", port: 3306, sourceHex: null },
      ...{ states: { TIME_WAIT: 1 }, inUse: 1, ending: endingAtOnce(1) },
    },
  ]);
});

test("TIME_WAITs by the time that they have left; the same destination from two addresses is two where that is asked", (t) => {
  const rows = [
    "   0: 050112C6:9C40 020112C6:0CEA 06 00000000:00000000 03:00001770 00000000     0        0 0 3 000000004f5b6a2a",
    "   1: 050112C6:9C41 020112C6:0CEA 06 00000000:00000000 03:000000C8 00000000     0        0 0 3 000000004f5b6a2a",
    "   2: 060112C6:9C40 020112C6:0CEA 06 00000000:00000000 03:00000063 00000000     0        0 0 3 000000004f5b6a2a",
    "   3: 060112C6:1F90 020112C6:0CEA 03 00000000:00000000 01:00000063 00000000     0        0 0 3 000000004f5b6a2a",
  ];
  const seconds = (ending: number[]) => ending.flatMap((count, second) => Array<number>(count).fill(second));
  const counter = createTableCounter(range, true);
  counter.begin();
  feed(counter, `${[head4, ...rows].join("\n")}\n`, 4096);
  const { destinations, ending, halfOpen, rows: seen } = counter.tally();
  t.deepEqual(
    destinations.map(({ sourceHex, inUse, ending }) => ({ sourceHex, inUse, seconds: seconds(ending) })),
    [
      { sourceHex: "050112C6", inUse: 2, seconds: [2, 59] },
      { sourceHex: "060112C6", inUse: 1, seconds: [0] },
    ],
  );
  t.deepEqual(seconds(ending), [0, 2, 59]);
  t.deepEqual([...halfOpen], [[8080, 1]]);
  t.is(seen, 4);
});

test("an unfinished row is left for the next piece; an empty table is empty", (t) => {
  t.deepEqual(count("").destinations, []);
  const whole = tableOf(head4, [row(40000, 6)]);
  t.deepEqual(count(whole.slice(0, -1)).destinations, []);
});

const rows = fc.array(
  fc.record({
    local: fc.oneof(fc.integer({ min: 32760, max: 32790 }), fc.integer({ min: 1, max: 65535 })),
    remote: fc.constantFrom(
      "020112C6",
      "030112C6",
      "02000120000000000000000007000000",
      "0000000000000000FFFF0000020112C6",
    ),
    port: fc.constantFrom(3306, 3307, 65535),
    state: fc.integer({ min: 1, max: 12 }),
    queued: fc.nat(70000),
  }),
  { maxLength: 80 },
);

test("whatever the rows and however they are cut, the tally is what counting the text line by line gives", (t) => {
  fc.assert(
    fc.property(rows, fc.integer({ min: 1, max: 700 }), (unsorted, pieceBytes) => {
      const sorted = unsorted.toSorted((a, b) => Number(b.state === 10) - Number(a.state === 10));
      t.deepEqual(plain(count(tableOf(head4, sorted), pieceBytes)), plain(expected(sorted)));
    }),
  );
});

function plain({ destinations, sources, listening, timeWaits, unsentBytes, unreadBytes }: TableTally) {
  const key = ({ addressHex, port }: { addressHex: string; port: number }) => `${addressHex}:${port}`;
  return {
    destinations: destinations.toSorted((a, b) => key(a).localeCompare(key(b))),
    listening: [...listening].sort(([a], [b]) => a - b),
    sources: sources.toSorted((a, b) => a.addressHex.localeCompare(b.addressHex)),
    timeWaits,
    unsentBytes,
    unreadBytes,
  };
}

/** The slow, plain way. */
function expected(all: Row[]): TableTally {
  const names = [
    "",
    "ESTABLISHED",
    "SYN_SENT",
    "SYN_RECV",
    "FIN_WAIT1",
    "FIN_WAIT2",
    "TIME_WAIT",
    "CLOSE",
    "CLOSE_WAIT",
    "LAST_ACK",
    "LISTEN",
    "CLOSING",
    "NEW_SYN_RECV",
  ];
  const listening = new Map<number, number>();
  for (const { local, queued } of all.filter(({ state }) => state === 10)) {
    listening.set(local, Math.max(queued, listening.get(local) ?? 0));
  }
  const outgoing = all.filter(
    ({ local, state }) => state !== 10 && local >= range.low && local <= range.high && !listening.has(local),
  );
  const groups = Map.groupBy(outgoing, ({ remote, port }) => `${remote} ${port}`);
  const destinations = [...groups.values()].map((group) => {
    const states: Record<string, number> = {};
    for (const { state } of group) states[names[state] ?? ""] = (states[names[state] ?? ""] ?? 0) + 1;
    return {
      addressHex: group[0]?.remote ?? "",
      port: group[0]?.port ?? 0,
      sourceHex: null,
      ending: endingAtOnce(group.filter(({ state }) => state === 6).length),
      states,
      inUse: new Set(group.map(({ local }) => local)).size,
    };
  });
  const bySource = Map.groupBy(outgoing, ({ remote }) => "0".repeat(remote.length));
  const sources = [...bySource].map(([addressHex, group]) => ({
    addressHex,
    inUse: new Set(group.map(({ local }) => local)).size,
    connections: group.length,
  }));
  const established = all.filter(({ state }) => state === 1);
  return {
    destinations,
    sources,
    listening,
    halfOpen: new Map(
      [
        ...Map.groupBy(
          all.filter(({ state }) => state === 3),
          ({ local }) => local,
        ),
      ].map(([local, own]) => [local, own.length]),
    ),
    timeWaits: all.filter(({ state }) => state === 6).length,
    ending: endingAtOnce(all.filter(({ state }) => state === 6).length),
    rows: all.length,
    unsentBytes: 0,
    unreadBytes: established.reduce((sum, { queued }) => sum + queued, 0),
  };
}
