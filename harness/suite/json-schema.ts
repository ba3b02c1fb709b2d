import { z } from "zod";
import { suiteForm } from "./schema.ts";

/** JSON Schema (draft 7, which editors know best) of suite files, made from the schema that checks them. */
export function suiteJsonSchema(): object {
  const schema = z.toJSONSchema(suiteForm, { io: "input", target: "draft-7" });
  return { ...schema, title: "tunebench suite" };
}
