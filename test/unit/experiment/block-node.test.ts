import test from "ava";
import { blockNode } from "../../../harness/experiment/trial-suite.ts";
import type { FindTrial } from "../../../harness/results/find.ts";
import type { TrialRecord } from "../../../harness/results/trial.ts";
import { clusterPlatform } from "../../helpers/record-parts.ts";
import { profileOf } from "../../helpers/suites.ts";
import { trialRecord } from "../../helpers/trial-builder.ts";

const profiles = [
  profileOf(),
  profileOf({ name: "other" }),
  profileOf({ name: "new-kernel", nodeSelector: { pool: "new", zone: "a" } }),
  profileOf({ name: "new-kernel-too", nodeSelector: { zone: "a", pool: "new" } }),
];

function on(node: string, overrides: Partial<TrialRecord> = {}): TrialRecord {
  return { ...trialRecord(), block: 2, platform: clusterPlatform({ node }), ...overrides };
}

test("a trial goes where its block's earlier ones with the same kind of node ran", (t) => {
  const before = [on("a", { block: 1 }), on("b"), on("c", { profile: "new-kernel" })];
  t.is(blockNode(before, profiles, { block: 2, profile: "other", find: null }), "b");
  t.is(blockNode(before, profiles, { block: 2, profile: "new-kernel-too", find: null }), "c");
  t.is(blockNode(before, profiles, { block: 3, profile: "other", find: null }), null);
});

test("what measured nothing binds no block to its node", (t) => {
  const before = [on("gone", { valid: false, outcome: "failed" })];
  t.is(blockNode(before, profiles, { block: 2, profile: "other", find: null }), null);
  t.is(blockNode([...before, on("b")], profiles, { block: 2, profile: "other", find: null }), "b");
  t.is(blockNode([on("a", { platform: null })], profiles, { block: 2, profile: "other", find: null }), null);
});

test("a find's trial that is tried again goes where it ran before, in whichever block; of its other steps each block has its own", (t) => {
  const arm = { target: {}, upstreams: {}, levers: {} };
  const change = { kind: "setting", role: "target", key: "net.core.somaxconn", value: "4096" } as const;
  const of = (step: FindTrial["step"]): FindTrial => ({ step, arm, ratePerSecond: null });
  const confirm = of({ kind: "confirm", round: 1, arm: "baseline" });
  const before = [
    on("a", { block: 1, find: of({ kind: "baseline" }) }),
    on("b", { block: 2, find: of({ kind: "bisect", change }) }),
    on("c", { block: 3, find: confirm }),
  ];
  const nodeOf = (find: FindTrial) => blockNode(before, profiles, { block: 4, profile: "other", find });
  t.is(nodeOf(of({ kind: "baseline" })), "a");
  t.is(nodeOf(of({ kind: "bisect", change })), "b");
  t.is(nodeOf(of({ kind: "bisect", change: { ...change, key: "net.ipv4.tcp_max_syn_backlog" } })), null);
  t.is(nodeOf(confirm), null);
});
