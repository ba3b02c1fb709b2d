/** Whether what was delivered has arrived: each value in each place. */
import test from "ava";
import fc from "fast-check";
import { deliver } from "../../../harness/deliver/deliver.ts";
import {
  type Expectation,
  exitOfHeld,
  expectationOfDelivery,
  expectationOfSelection,
  holdAgainst,
  type SettingsFound,
} from "../../../harness/deliver/expectation.ts";
import { nodeLevel, rollout, testPool } from "../../helpers/deliveries.ts";

const reuse = { key: "net.ipv4.tcp_tw_reuse", values: ["1"], scope: "pod" as const };
const queue = { key: "net.core.somaxconn", values: ["65535"], scope: "pod" as const };
const backlog = { key: "net.core.netdev_max_backlog", values: ["5000"], scope: "node" as const };
const origin = { kind: "suite" as const, name: "shop", profile: "all" };

function pod(values: Record<string, string | null>, changes: Partial<SettingsFound> = {}): SettingsFound {
  return { subject: "shop/web-1", kind: "pod", values, listeners: [], ...changes };
}

function states(settings: Expectation["settings"], places: SettingsFound[]): string[] {
  return holdAgainst({ origin, settings }, places).map(({ arrival }) => arrival.state);
}

test("a pod has the value, has another one, or does not tell", (t) => {
  t.deepEqual(states([reuse], [pod({ [reuse.key]: "1" })]), ["has"]);
  t.deepEqual(states([reuse], [pod({ [reuse.key]: "2" })]), ["has-not"]);
  t.deepEqual(states([reuse], [pod({ [reuse.key]: null })]), ["unreadable"]);
  t.deepEqual(states([reuse], [pod({})]), ["unreadable"]);
});

test("a listener that was opened before goes by the value of then", (t) => {
  const listening = (limit: number | null) =>
    states([queue], [pod({ [queue.key]: "65535" }, { listeners: [{ port: 8080, limit }] })]);
  t.deepEqual(listening(4096), ["older-listener"]);
  t.deepEqual(listening(128), ["older-listener"]);
  // A program's own backlog, and the value itself.
  t.deepEqual(listening(511), ["has"]);
  t.deepEqual(listening(65_535), ["has"]);
  t.deepEqual(listening(null), ["has"]);
  // A listener of another key says nothing.
  t.deepEqual(states([reuse], [pod({ [reuse.key]: "1" }, { listeners: [{ port: 80, limit: 4096 }] })]), ["has"]);
});

test("a pod can't have a node's value, nor a node a pod's; this machine both", (t) => {
  const values = { [reuse.key]: "1", [backlog.key]: "5000" };
  t.deepEqual(states([reuse, backlog], [pod(values)]), ["has", "elsewhere"]);
  t.deepEqual(states([reuse, backlog], [pod(values, { kind: "node" })]), ["elsewhere", "has"]);
  t.deepEqual(states([reuse, backlog], [pod(values, { kind: "here" })]), ["has", "has"]);
});

test("what was given to a container is looked for in a namespace of its own on this machine, and nowhere else", (t) => {
  for (const platform of ["compose", "quadlet", "ecs"] as const) {
    const { settings } = expectationOfDelivery(deliver(platform, rollout("reuse"), null).record);
    const of = (kind: SettingsFound["kind"]) => states(settings, [pod({ [reuse.key]: "1" }, { kind })]);
    t.deepEqual(of("own"), ["has"]);
    for (const kind of ["pod", "node", "here"] as const) t.deepEqual(of(kind), ["elsewhere"], kind);
  }
  t.deepEqual(states([reuse], [pod({ [reuse.key]: "1" }, { kind: "own" })]), ["has"]);
  t.deepEqual(states([{ ...reuse, scope: "machine" }], [pod({ [reuse.key]: "1" }, { kind: "own" })]), ["elsewhere"]);
});

test("the kernel's own writing of a value is the same value", (t) => {
  const range = { key: "net.ipv4.ip_local_port_range", values: ["1024 65535"], scope: "pod" as const };
  t.deepEqual(states([range], [pod({ [range.key]: "1024\t65535" })]), ["has"]);
  const reserved = { key: "net.ipv4.ip_local_reserved_ports", values: ["9000-9001,8080"], scope: "pod" as const };
  t.deepEqual(states([reserved], [pod({ [reserved.key]: "8080,9000,9001" })]), ["has"]);
  t.deepEqual(states([reserved], [pod({ [reserved.key]: "8080,9000" })]), ["has-not"]);
});

test("any of a test pool's values will do", (t) => {
  const pool = expectationOfSelection(testPool());
  const range = pool.settings.find(({ key }) => key === "net.core.somaxconn");
  t.deepEqual(range?.values, ["65535"]);
  const either = { key: queue.key, values: ["4096", "65535"], scope: "pod" as const };
  t.deepEqual(states([either], [pod({ [queue.key]: "4096" }), pod({ [queue.key]: "128" })]), ["has", "has-not"]);
});

test("a delivery's record and the selection that it is of expect the same", (t) => {
  for (const selection of [rollout(), nodeLevel(), testPool()]) {
    const { record } = deliver("k3s", selection, null);
    t.deepEqual(expectationOfDelivery(record).settings, expectationOfSelection(selection).settings);
  }
  const pool = testPool();
  const several = { ...pool, settings: pool.settings.map((one) => ({ ...one, value: "1 or 2", values: ["1", "2"] })) };
  const { record } = deliver("k3s", several, null);
  t.true(expectationOfDelivery(record).settings.every(({ values }) => values.join() === "1,2"));
  const machine = expectationOfDelivery(deliver("linux", rollout(), null).record);
  t.deepEqual([...new Set(machine.settings.map(({ scope }) => scope))], ["machine"]);
});

test("exit: 1 where one is missing, 3 where nothing or not all could be read", (t) => {
  const of = (places: SettingsFound[]) => exitOfHeld(holdAgainst({ origin, settings: [reuse, backlog] }, places));
  t.is(of([pod({ [reuse.key]: "1" })]), 0);
  t.is(of([pod({ [reuse.key]: "1" }), pod({ [reuse.key]: "0" })]), 1);
  t.is(of([pod({ [reuse.key]: "1" }), pod({ [reuse.key]: null })]), 3);
  t.is(of([pod({ [reuse.key]: "0" }), pod({ [reuse.key]: null })]), 1);
  t.is(of([]), 3);
  t.is(exitOfHeld(holdAgainst({ origin, settings: [backlog] }, [pod({})])), 3);
});

test("whatever is found: 0 only where every pod has every value", (t) => {
  const value = fc.constantFrom("0", "1", "2", null);
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 6 }), (values) => {
      const places = values.map((found) => pod({ [reuse.key]: found }));
      const exit = exitOfHeld(holdAgainst({ origin, settings: [reuse] }, places));
      t.is(
        exit === 0,
        values.every((found) => found === "1"),
      );
      t.is(
        exit === 1,
        values.some((found) => found !== "1" && found !== null),
      );
    }),
  );
});
