import { jsonText } from "../core/text.ts";
import { clusterJsonSchema, suiteJsonSchema } from "../suite/json-schema.ts";

/** `tunebench schema`: the JSON Schema that editors check a suite file with, or a cluster file. */
export function schema(options: { cluster?: true }): number {
  const document = options.cluster ? clusterJsonSchema() : suiteJsonSchema();
  process.stdout.write(jsonText(document));
  return 0;
}
