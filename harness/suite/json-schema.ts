import * as z from "zod";
import { clusterForm } from "./cluster-file/schema.ts";
import { suiteRules } from "./json-schema-rules.ts";
import { suite } from "./schema.ts";

/** JSON Schema (draft 7, which editors know best) of suite files, made from the schema that checks them. */
export function suiteJsonSchema(): object {
  const { required = [], ...form } = jsonSchema(suite, "tunebench suite") as { required?: string[] };
  // Of a compose file the target is one of its services.
  return { ...form, required: required.filter((key) => key !== "target"), allOf: suiteRules };
}

/** The same of cluster files. */
export function clusterJsonSchema(): object {
  return jsonSchema(clusterForm, "tunebench cluster");
}

/** What a file has to be to be read, as JSON Schema. */
export function jsonSchema(form: z.ZodType, title: string): object {
  return { ...z.toJSONSchema(form, { io: "input", target: "draft-7", override: withWhatIsAllowed }), title };
}

/**
 * What the command line says is allowed, for editors: beside a wrong value (`errorMessage`, which VS Code's JSON and YAML services show),
 * and where a key has no description of its own.
 */
function withWhatIsAllowed({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodType; jsonSchema: object }): void {
  const { error } = zodSchema._zod.def;
  const said = error?.({ code: "custom", input: undefined } as never);
  if (typeof said !== "string") return;
  const described = "description" in jsonSchema ? {} : { description: said };
  Object.assign(jsonSchema, described, { errorMessage: `use ${said}` });
}
