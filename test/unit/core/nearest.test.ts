import test from "ava";
import { didYouMean, nearest } from "../../../harness/core/nearest.ts";

test("slips of the keys are near, other words are not", (t) => {
  const words = ["profiles", "blocks", "stop", "load"];
  t.is(nearest("profils", words), "profiles");
  t.is(nearest("blokcs", words), "blocks");
  t.is(nearest("STOP", words), "stop");
  t.is(nearest("laod", words), "load");
  t.is(nearest("factors", words), null);
  t.is(nearest("x".repeat(10_000), words), null);
  t.is(didYouMean("stpo", words), '; did you mean "stop"?');
  t.is(didYouMean("zebra", words), "");
});
