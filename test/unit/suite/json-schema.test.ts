import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import test from "ava";
import fc from "fast-check";
import { parse, stringify } from "yaml";
import { parseCluster } from "../../../harness/suite/cluster-file/parse-cluster.ts";
import { clusterJsonSchema, suiteJsonSchema } from "../../../harness/suite/json-schema.ts";
import { parseSuite } from "../../../harness/suite/parse.ts";
import { SuiteError } from "../../../harness/suite/problems.ts";
import { misplacedValue } from "../../helpers/misplaced-values.ts";
import { suiteText } from "../../helpers/suite-files.ts";
import { mutatedSuite, validSuites } from "../../helpers/suite-mutations.ts";

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

/** What no JSON Schema can say: that a name stands for something elsewhere in the file, and sums over places. */
const needsTheWholeFile =
  /no (profile|upstream|part) is named|nothing is known as|has no } at its end|there is no copy|nothing reports a fault|duplicate level|can have one thing done to it|the condition (lasts|is over)|together they last|only an upstream can|is external: it is never started|would be named|has a name of over|combine to|sets this key, too|the search must go up|each step takes|the conditions take|a burst must be over/;

test("editors and the command line take the same files", (t) => {
  const takes = new Ajv({ strict: false }).compile(suiteJsonSchema());
  const agree = (text: string) => {
    let data: unknown;
    try {
      data = parse(text, { logLevel: "error" });
    } catch {
      return true;
    }
    const faults = faultsOf(text).filter((fault) => !needsTheWholeFile.test(fault));
    const taken = takes(data);
    if (faults.length === 0) return taken || faultsOf(text).length > 0;
    return !taken;
  };
  t.notThrows(() => fc.assert(fc.property(fc.oneof(mutatedSuite, misplacedValue), agree), { numRuns: 600 }));
  for (const name of validSuites) t.true(takes(parse(suiteText(name))), name);
});

function faultsOf(text: string): string[] {
  try {
    parseSuite(text, "s.yaml");
    return [];
  } catch (error) {
    if (!(error instanceof SuiteError)) throw error;
    return error.problems.map((problem) => problem.text);
  }
}

test("every form, or the union that it is one of, says in an editor what the command line says is allowed", (t) => {
  const silent: string[] = [];
  const look = (form: unknown, path: string, told: boolean): void => {
    if (typeof form !== "object" || form === null) return;
    const { properties = {}, additionalProperties, items, anyOf = [], description, errorMessage } = form as Schema;
    const says = told || (description ?? errorMessage) !== undefined;
    if (!says) silent.push(path);
    for (const [key, inside] of Object.entries(properties)) look(inside, `${path}.${key}`, false);
    look(additionalProperties, `${path}.*`, false);
    look(items, `${path}[]`, false);
    anyOf.forEach((one, i) => {
      look(one, `${path}|${i}`, says);
    });
  };
  look(suiteJsonSchema(), "suite", true);
  t.deepEqual(silent, []);
});

interface Schema {
  description?: string;
  errorMessage?: string;
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
