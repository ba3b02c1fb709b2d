import test from "ava";
import { blockNode } from "../../../harness/experiment/trial-suite.ts";
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
  t.is(blockNode(before, profiles, { block: 2, profile: "other" }), "b");
  t.is(blockNode(before, profiles, { block: 2, profile: "new-kernel-too" }), "c");
  t.is(blockNode(before, profiles, { block: 3, profile: "other" }), null);
});

test("what measured nothing binds no block to its node", (t) => {
  const before = [on("gone", { valid: false, outcome: "failed" })];
  t.is(blockNode(before, profiles, { block: 2, profile: "other" }), null);
  t.is(blockNode([...before, on("b")], profiles, { block: 2, profile: "other" }), "b");
  t.is(blockNode([on("a", { platform: null })], profiles, { block: 2, profile: "other" }), null);
});
