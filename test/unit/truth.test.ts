/** How test:truth judges what it is told: the harness of tests is tested, since its table is read as proof. */
import test from "ava";
import { judge, type ToldProfile, toldProfile } from "../truth/judge.ts";
import { rules } from "../truth/rules.ts";

const named = {
  rule: rules.acceptQueue,
  side: "target",
  limit: { of: 5 },
  remedy: { kind: "program", what: "backlog" },
} as const;
const finding = {
  rule: "accept-queue-overflow",
  side: "target",
  role: "target",
  limit: { used: 6, of: 5, unit: "connections" },
  remedies: [{ kind: "program", what: "backlog", to: 4096 }],
};
const generators = { rule: "generator-bound", side: "generator" };

test("right is the outcome and the cause first, with its limit and its remedy", (t) => {
  const expected = { outcome: "degraded", named } as const;
  t.is(judge(told({ degraded: 1, findings: [finding] }), expected), "right");
  t.is(judge(told({ degraded: 1, findings: [finding, { ...finding, rule: "packet-loss" }] }), expected), "right");
  t.is(judge(told({ degraded: 1, findings: [{ ...finding, rule: "packet-loss" }, finding] }), expected), "wrong");
  t.is(judge(told({ held: 1, findings: [finding] }), expected), "wrong");
  t.is(judge(told({ degraded: 1, findings: [{ ...finding, side: "upstream" }] }), expected), "wrong");
  t.is(judge(told({ degraded: 1, findings: [{ ...finding, limit: null }] }), expected), "wrong");
  t.is(judge(told({ degraded: 1, findings: [{ ...finding, remedies: [] }] }), expected), "wrong");
});

test("nothing named is silent, whatever the outcome", (t) => {
  const expected = { outcome: "saturated", named: { side: "target" } } as const;
  t.is(judge(told({ saturated: 1 }), expected), "silent");
  t.is(judge(told({ held: 1 }), expected), "silent");
});

test("the generator named for another's limit is false, and so is a rule that can't be", (t) => {
  const expected = { outcome: "degraded", named, never: [rules.packetLoss] } as const;
  t.is(judge(told({ degraded: 1, findings: [finding, generators] }), { ...expected, never: [] }), "false");
  t.is(
    judge(told({ degraded: 1, findings: [finding, { ...finding, rule: "packet-loss" }] }), {
      ...expected,
      never: [rules.packetLoss],
    }),
    "false",
  );
  const own = { outcome: "held", named: { rule: rules.generatorBound, side: "generator" } } as const;
  t.is(judge(told({ held: 1, findings: [generators] }), own), "right");
});

test("of a healthy service nothing may be found, and it holds", (t) => {
  const expected = { outcome: "held", named: null } as const;
  t.is(judge(told({ held: 1 }), expected), "right");
  t.is(judge(told({ held: 1, findings: [finding] }), expected), "false");
  t.is(judge(told({ broke: 1 }), expected), "wrong");
});

test("a caveat can be what has to be said", (t) => {
  const expected = { outcome: "held", named: { caveat: "cpu-taken-by-others" } } as const;
  t.is(judge(told({ held: 1, caveats: [{ code: "cpu-taken-by-others" }] }), expected), "right");
  t.is(judge(told({ held: 1 }), expected), "silent");
});

function told(changed: Record<string, unknown>): ToldProfile {
  return toldProfile.parse({
    name: "injected",
    broke: 0,
    degraded: 0,
    saturated: 0,
    held: 0,
    findings: [],
    caveats: [],
    ...changed,
  });
}
