import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { holm } from "../../../harness/stats/holm.ts";
import { permutationInterval, permutationP } from "../../../harness/stats/permutation.ts";
import { signFlipInterval, signFlipP } from "../../../harness/stats/sign-flip.ts";

/** What scipy and statsmodels say of the same numbers; references.py beside it says how they were asked. */
interface References {
  darwin: { values: number[]; p: number };
  paired: { values: number[]; p: number; interval: { low: number; high: number } | null }[];
  unpaired: { one: number[]; other: number[]; p: number; interval: { low: number; high: number } | null }[];
  holm: { p: number[]; adjusted: number[] }[];
}

const references: References = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../fixtures/stats/references.json"), "utf8"),
);

/** Bisection stops about here. */
const close = 1e-6;

test("Darwin's maize: Fisher counted 1,726 of 32,768 sign choices as far out, and so does scipy", (t) => {
  t.is(signFlipP(references.darwin.values), 1726 / 32_768);
  t.is(references.darwin.p, 1726 / 32_768);
});

test("the sign-flip test gives scipy's exact p and the interval that inverts it", (t) => {
  for (const { values, p, interval } of references.paired) {
    t.true(Math.abs(signFlipP(values) - p) < 1e-12, `${values}`);
    sameInterval(t, signFlipInterval(values), interval);
  }
});

test("the two-sample permutation test gives scipy's exact p and the interval that inverts it", (t) => {
  for (const { one, other, p, interval } of references.unpaired) {
    t.true(Math.abs(permutationP(one, other) - p) < 1e-12, `${one} and ${other}`);
    sameInterval(t, permutationInterval(one, other), interval);
  }
});

test("Holm's adjustment gives what statsmodels gives", (t) => {
  for (const { p, adjusted } of references.holm) {
    const ours = holm(p);
    t.true(
      ours.every((one, index) => Math.abs(one - (adjusted[index] ?? Number.NaN)) < 1e-12),
      `${p}`,
    );
  }
});

function sameInterval(
  t: { is(a: unknown, b: unknown): void; true(a: boolean, message: string): void },
  ours: { low: number; high: number } | null,
  theirs: { low: number; high: number } | null,
): void {
  if (ours === null || theirs === null) {
    t.is(ours, theirs);
    return;
  }
  const off = Math.max(Math.abs(ours.low - theirs.low), Math.abs(ours.high - theirs.high));
  t.true(off < close, `${ours.low} to ${ours.high}, not ${theirs.low} to ${theirs.high}`);
}
