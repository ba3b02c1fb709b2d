import test from "ava";
import { armChanges, armName, armOf, baselineArm, isSameArm, withChanges } from "../../../harness/find/arm.ts";
import { settings } from "../../../harness/knowledge/settings.ts";
import type { Change } from "../../../harness/results/find.ts";

const reuse: Change = { kind: "setting", role: "target", key: "net.ipv4.tcp_tw_reuse", value: "1" };
const ofUpstream: Change = { kind: "setting", role: "db", key: "net.core.somaxconn", value: "65535" };
const backlog: Change = { kind: "lever", name: "backlog", value: "4096" };

test("an arm is its changes, of two of one key the later", (t) => {
  const arm = armOf([reuse, ofUpstream, backlog]);
  t.deepEqual(armChanges(arm), [reuse, ofUpstream, backlog]);
  t.deepEqual(withChanges(arm, [{ ...reuse, value: "0" }]).target, { "net.ipv4.tcp_tw_reuse": "0" });
  t.true(isSameArm(arm, armOf([backlog, ofUpstream, reuse])));
});

test("an arm's name says what it changes, as far as a name can", (t) => {
  t.is(armName(baselineArm), "baseline");
  t.is(armName(armOf([reuse, ofUpstream, backlog])), "tcp_tw_reuse=1,db.somaxconn=65535,backlog=4096");
  const range: Change = { ...reuse, key: "net.ipv4.ip_local_port_range", value: "1024 65535" };
  t.is(armName(armOf([range])), "ip_local_port_range=1024-65535");
  t.regex(armName(armOf([range, reuse, ofUpstream, backlog])), /^4-changes-[0-9a-f]{8}$/);
});

test("no two settings with a record go by the same word", (t) => {
  const words = settings.map(({ key }) => key.slice(key.lastIndexOf(".") + 1));
  t.deepEqual(
    words.filter((word, place) => words.indexOf(word) !== place),
    [],
  );
});
