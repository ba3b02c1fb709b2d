import { suiteJsonSchema } from "../suite/json-schema.ts";

/** `tunebench schema`: the JSON Schema that editors check a suite file with. */
export function schema(): number {
  process.stdout.write(`${JSON.stringify(suiteJsonSchema(), null, 2)}\n`);
  return 0;
}
