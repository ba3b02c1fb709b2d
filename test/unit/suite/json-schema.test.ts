import { readFileSync } from "node:fs";
import { join } from "node:path";
import test from "ava";
import { parse, stringify } from "yaml";
import { parseCluster } from "../../../harness/suite/cluster-file/parse.ts";
import { clusterJsonSchema, suiteJsonSchema } from "../../../harness/suite/json-schema.ts";
import { parseSuite } from "../../../harness/suite/parse.ts";
import { suiteText } from "../../helpers/suite-files.ts";
import { validSuites } from "../../helpers/suite-mutations.ts";

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

interface Schema {
  default?: unknown;
  required?: string[];
  properties?: Record<string, Schema>;
  additionalProperties?: Schema | false;
  items?: Schema;
  anyOf?: Schema[];
}

/** A file as it is, with each default of the schema written where nothing was. */
function filled(schema: Schema, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => filled(schema.items ?? {}, item));
  // Beside an external address nothing may stand.
  if (typeof value !== "object" || value === null || "external" in value) return value;
  const { properties = {}, additionalProperties } = schema.anyOf?.find((form) => takes(form, value)) ?? schema;
  const written = Object.entries(value).map(([key, inside]) => {
    const form = properties[key] ?? (additionalProperties || {});
    return [key, filled(form, inside)];
  });
  const defaults = Object.entries(properties).flatMap(([key, form]) =>
    key in value || form.default === undefined ? [] : [[key, filled(form, form.default)]],
  );
  return Object.fromEntries([...defaults, ...written]);
}

function takes({ properties, required = [] }: Schema, value: object): boolean {
  const known = Object.keys(properties ?? {});
  return required.every((key) => key in value) && Object.keys(value).every((key) => known.includes(key));
}

for (const name of validSuites) {
  test(`what the schema calls a default may be written, and changes nothing: ${name}`, (t) => {
    const text = suiteText(name);
    const { design, ...file } = filled(suiteJsonSchema(), parse(text)) as Record<string, unknown>;
    t.notDeepEqual(file, parse(text));
    const whole = "factors" in file ? { design, ...file } : file;
    t.deepEqual(parseSuite(stringify(whole), "s.yaml"), parseSuite(text, "s.yaml"));
  });
}

test("what the schema calls a default of a cluster may be written, and changes nothing", (t) => {
  const file = filled(clusterJsonSchema(), {}) as Record<string, unknown>;
  t.is(file.namespace, "tunebench");
  t.deepEqual(parseCluster(stringify(file), "c/cluster.yaml"), parseCluster("{}", "c/cluster.yaml"));
});
