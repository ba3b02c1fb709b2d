import test from "ava";
import { type CandidatesRequest, findCandidates } from "../../../harness/find/candidates.ts";

const plain: CandidatesRequest = { keys: null, conditions: {}, listening: {}, refused: [] };

function keysOf({ candidates }: ReturnType<typeof findCandidates>): string[] {
  return candidates.flatMap(({ change }) => (change.kind === "setting" ? [`${change.role} ${change.key}`] : []));
}

test("the catalogue holds the keys that are worth a trial, the safe ones first, and no fake win", (t) => {
  const found = findCandidates(plain);
  const keys = keysOf(found);
  t.true(keys.includes("target net.core.somaxconn"));
  t.true(keys.includes("target net.ipv4.tcp_tw_reuse"));
  t.false(keys.includes("target net.ipv4.tcp_max_tw_buckets"));
  const safe = found.candidates.map(({ isSafe }) => isSafe);
  t.deepEqual(
    safe,
    safe.toSorted((one, other) => Number(other) - Number(one)),
  );
  const why = found.leftOut.map(({ key, why: { code } }) => `${key} ${code}`);
  t.true(why.includes("net.ipv4.tcp_max_tw_buckets fake-win"));
  t.true(why.includes("net.ipv4.tcp_abort_on_overflow masking"));
});

test("a key that is never tried is not tried where it is named, either", (t) => {
  const found = findCandidates({ ...plain, keys: ["net.ipv4.tcp_max_tw_buckets"] });
  t.deepEqual(found.candidates, []);
  t.deepEqual(found.leftOut[0], {
    role: "target",
    key: "net.ipv4.tcp_max_tw_buckets",
    why: { code: "fake-win" },
  });
});

test("what the suite sets is a condition unless it is named", (t) => {
  const conditions = { target: { "net.ipv4.ip_local_port_range": "32768 42767" } };
  const unasked = findCandidates({ ...plain, conditions });
  t.false(keysOf(unasked).includes("target net.ipv4.ip_local_port_range"));
  t.deepEqual(unasked.leftOut.find(({ key }) => key === "net.ipv4.ip_local_port_range")?.why, {
    code: "condition",
    value: "32768 42767",
  });
  const named = findCandidates({ ...plain, conditions, keys: ["net.ipv4.ip_local_port_range"] });
  t.deepEqual(keysOf(named), ["target net.ipv4.ip_local_port_range"]);
});

test("a range leaves out the ports that its own role listens on", (t) => {
  const keys = ["net.ipv4.ip_local_port_range", "upstreams.db.net.ipv4.ip_local_port_range"];
  const { candidates } = findCandidates({ ...plain, keys, listening: { target: [8080] } });
  t.deepEqual(
    candidates.map(({ change }) => change),
    [
      { kind: "setting", role: "target", key: "net.ipv4.ip_local_port_range", value: "8082 65535" },
      { kind: "setting", role: "db", key: "net.ipv4.ip_local_port_range", value: "1024 65535" },
    ],
  );
});

test("keys that can't be tried are told with the reason", (t) => {
  const refused = [{ role: "target", key: "net.core.somaxconn", words: "forbidden sysctl" }];
  const keys = ["net.core.somaxconn", "net.core.netdev_max_backlog", "net.ipv4.tcp_ecn", "net.ipv4.tcp_tw_reuse"];
  const conditions = { target: { "net.ipv4.tcp_tw_reuse": "1" } };
  const found = findCandidates({ ...plain, keys, refused, conditions });
  t.deepEqual(found.candidates, []);
  t.deepEqual(
    found.leftOut.slice(0, 4).map(({ why }) => why),
    [
      { code: "refused", words: "forbidden sysctl" },
      { code: "not-private" },
      { code: "no-level" },
      { code: "as-it-is", value: "1" },
    ],
  );
});
