import test from "ava";
import { createBuildProgress } from "../../../harness/cache/build-progress.ts";

test("a build's progress: what is fetched, then packages by their files, with the time left", (t) => {
  let now = 0;
  const progress = createBuildProgress(100, () => now);
  progress.fetching("go: downloading golang.org/x/net v0.57.0");
  progress.fetching("warning: something");
  now = 5000;
  t.is(progress.text(), "5 s, 1 modules fetched");
  progress.toCompile("internal/abi 10\n\nruntime 30\nmain 60\n");
  progress.compiling("internal/abi");
  now = 15_000;
  t.is(progress.text(), "15 s, 1 of 3 packages, about 1 min 30 s left", "by what is usual, less what was taken");
  progress.compiling("runtime");
  progress.compiling("# runtime: a word of the compiler's");
  now = 45_000;
  t.is(progress.text(), "45 s, 2 of 3 packages, about 1 min left", "40% took 40 s");
  progress.compiling("main");
  now = 105_000;
  t.is(progress.text(), "1 min 45 s, 3 of 3 packages, the last steps");
  t.is(progress.seconds(), 105);
});
