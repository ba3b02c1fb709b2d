import test from "ava";
import { withoutParts } from "../helpers/machine-parts.ts";

test("a test that has all its parts runs, in CI and elsewhere", (t) => {
  t.is(withoutParts([], true), null);
  t.is(withoutParts([], false), null);
});

test("a part that is missing fails a test in CI and skips it elsewhere", (t) => {
  for (const part of ["k6", "root", "one-node", "chromium"]) {
    t.is(withoutParts([part], true), "fail", part);
    t.is(withoutParts([part], false), "skip", part);
  }
});

test("what CI's machine may lack skips a test in CI too, unless another part is missing", (t) => {
  for (const part of ["netem", "tbf", "podman", "promtool"]) t.is(withoutParts([part], true), "skip", part);
  t.is(withoutParts(["netem", "tbf"], true), "skip");
  t.is(withoutParts(["netem", "k6"], true), "fail");
});
