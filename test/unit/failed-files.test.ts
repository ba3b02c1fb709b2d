import test from "ava";
import { failedFiles, heldIn, withoutFiles } from "../helpers/failed-files.ts";

const files = ["test/cli/gate.test.ts", "test/cli/gate-workflow.test.ts", "test/cli/start.test.ts"];

test("a file that failed is known by its tests' titles, its hooks', or its own name", (t) => {
  t.deepEqual(failedFiles("  ✔ start › a\n  ✘ [fail]: gate › b › c\n  ✘ [fail]: gate › d\n", files), [
    "test/cli/gate.test.ts",
  ]);
  t.deepEqual(failedFiles("  ✘ [fail]: start › before hook", files), ["test/cli/start.test.ts"]);
  t.deepEqual(failedFiles("  ✘ test/cli/gate-workflow.test.ts exited with a non-zero exit code: 1", files), [
    "test/cli/gate-workflow.test.ts",
  ]);
  t.deepEqual(failedFiles("  ✘ [fail]: b › c", ["test/find/find.test.ts"]), ["test/find/find.test.ts"]);
  const folders = ["test/observe/limits.test.ts", "test/find/find.test.ts"];
  t.deepEqual(failedFiles("  ✘ [fail]: observe › limits › a\n  ✘ [fail]: find › find › b", folders), folders);
});

test("a file that hangs is known by what was pending in it", (t) => {
  const said = [
    "  ✔ gate › a",
    "  ✘ Timed out while running tests",
    "  2 tests were pending in test/cli/start.test.ts",
    "  ◌ start › b",
    "  ◌ start › c",
  ];
  t.deepEqual(failedFiles(said.join("\n\n"), files), ["test/cli/start.test.ts"]);
  t.deepEqual(heldIn(said.join("\n\n")), said.slice(2));
});

test("what is no file's is not laid to one", (t) => {
  t.is(failedFiles("\n  ✘ Timed out while running tests\n", files), null);
  t.is(failedFiles("  ✘ [fail]: gate › b\n  ✘ Internal error", files), null);
  const held = "  ✘ Exiting due to process.exit() when running test/cli/gate.test.ts\n";
  t.is(failedFiles(`${held}  ✘ Timed out while running tests\n`, files), null);
  t.is(failedFiles("  ✔ gate › b", files), null);
});

test("tests of files that run again are counted once", (t) => {
  t.is(
    withoutFiles("  ✔ gate › a (1s)\n  ✘ [fail]: gate › b\n  ✔ start › c", ["test/cli/gate.test.ts"]),
    "  ✔ start › c",
  );
});
