import * as z from "zod";
import { clusterForm } from "./cluster-file/schema.ts";
import { suite } from "./schema.ts";

/** JSON Schema (draft 7, which editors know best) of suite files, made from the schema that checks them. */
export function suiteJsonSchema(): object {
  return jsonSchema(suite, "tunebench suite");
}

/** The same of cluster files. */
export function clusterJsonSchema(): object {
  return jsonSchema(clusterForm, "tunebench cluster");
}

/** What a file has to be to be read, as JSON Schema. */
export function jsonSchema(form: z.ZodType, title: string): object {
  return { ...z.toJSONSchema(form, { io: "input", target: "draft-7" }), title };
}
