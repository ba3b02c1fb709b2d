import test from "ava";
import { interpolate, referenceNames, referencesIn, referenceValues } from "../../../harness/suite/interpolate.ts";
import { suiteFrom } from "../../helpers/suite-files.ts";

const addresses = { target: "2001:2::1", db: "198.18.0.3", generator: "198.18.0.1" };

/** Written so that no linter takes it for a forgotten template. */
const ref = (name: string) => `\${${name}}`;

test("references get the trial's addresses and folders", (t) => {
  const suite = suiteFrom("ports");
  const values = referenceValues(suite, { addresses, dataFolder: "/tmp/data" });
  t.deepEqual(Object.keys(values).toSorted(), referenceNames(["db"]).toSorted());
  const url = `mysql://${ref("upstreams.db.address")}/x?d=${ref("data")}`;
  t.is(interpolate(url, values), "mysql://198.18.0.3:3306/x?d=/tmp/data");
  t.is(interpolate(`${ref("target.host")} ${ref("target.address")}`, values), "2001:2::1 [2001:2::1]:8080");
  t.is(interpolate(ref("folder"), values), suite.folder);
});

test("a doubled dollar keeps its reference as text, and values are not looked into again", (t) => {
  t.is(interpolate(`$${ref("HOME")} $HOME $$`, {}), `${ref("HOME")} $HOME $$`);
  t.is(interpolate(ref("a"), { a: `${ref("b")}$&` }), `${ref("b")}$&`);
  t.deepEqual(referencesIn(`$${ref("x")} ${ref("a")} \${b`), [
    { name: "a", closed: true },
    { name: "b", closed: false },
  ]);
});

test("a reference without a value is a bug, not an empty text", (t) => {
  t.throws(() => interpolate(ref("toString"), {}), { message: /no value for the reference/ });
});
