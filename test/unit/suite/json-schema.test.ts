import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { clusterJsonSchema, suiteJsonSchema } from "../../../harness/suite/json-schema.ts";

const shipped = [
  ["suite.schema.json", "tunebench schema", suiteJsonSchema],
  ["cluster.schema.json", "tunebench schema --cluster", clusterJsonSchema],
] as const;

for (const [file, command, schema] of shipped) {
  test(`${file} is what the schema says today (${command} > ${file})`, (t) => {
    const committed: unknown = JSON.parse(readFileSync(join(import.meta.dirname, "../../..", file), "utf8"));
    t.deepEqual(committed, JSON.parse(JSON.stringify(schema())));
  });
}

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
