import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { suiteJsonSchema } from "../../../harness/suite/json-schema.ts";

test("suite.schema.json is what the schema says today (tunebench schema > suite.schema.json)", (t) => {
  const committed: unknown = JSON.parse(readFileSync(join(import.meta.dirname, "../../../suite.schema.json"), "utf8"));
  t.deepEqual(committed, JSON.parse(JSON.stringify(suiteJsonSchema())));
});

test("editors get closed maps and descriptions", (t) => {
  const schema = suiteJsonSchema() as {
    additionalProperties: boolean;
    properties: Record<string, { description?: string }>;
  };
  t.false(schema.additionalProperties);
  for (const name of ["target", "upstreams", "load", "stop", "profiles", "factors", "blocks"]) {
    t.truthy(schema.properties[name]?.description, name);
  }
});
