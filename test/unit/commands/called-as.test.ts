import test from "ava";
import { asCalled, calledAs } from "../../../harness/commands/called-as.ts";

test("how it was called is how it is called next", (t) => {
  const installed = ["node", "/shop/node_modules/tunebench/dist/start.js"];
  t.is(calledAs(installed, {}), "tunebench");
  t.is(calledAs(installed, { npm_lifecycle_event: "npx", npm_lifecycle_script: "tunebench run ." }), "npx tunebench");
  t.is(calledAs(installed, { npm_lifecycle_event: "npx", npm_lifecycle_script: "'tunebench' 'run'" }), "npx tunebench");
  t.is(calledAs(installed, { npm_lifecycle_event: "npx", npm_lifecycle_script: "ava test" }), "tunebench");
  t.is(calledAs(["node", `${process.cwd()}/harness/main.ts`], {}), "node harness/main.ts");
});

test("commands in a hint are those that can be typed, and nothing else is changed", (t) => {
  t.is(
    asCalled("run tunebench as root; `tunebench init` makes one", "npx tunebench"),
    "run tunebench as root; `npx tunebench init` makes one",
  );
  t.is(asCalled("sudo npx tunebench run a", "npx tunebench"), "sudo npx tunebench run a");
  t.is(
    asCalled("tunebench then builds one; /opt/tunebench run", "npx tunebench"),
    "tunebench then builds one; /opt/tunebench run",
  );
});
