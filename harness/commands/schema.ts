import { existsSync, readFileSync } from "node:fs";
import { codeFile } from "../core/package-root.ts";
import { jsonText } from "../core/text.ts";

/** `tunebench schema`: the JSON Schema that editors check a suite file with, or a cluster file. */
export async function schema(options: { cluster?: true }): Promise<number> {
  const of = options.cluster ? "cluster" : "suite";
  // The build has made it: to make it of the forms takes twice as long as all else.
  const built = codeFile("schema", `${of}.json`);
  process.stdout.write(existsSync(built) ? readFileSync(built, "utf8") : await made(of));
  return 0;
}

async function made(of: "suite" | "cluster"): Promise<string> {
  const { clusterJsonSchema, suiteJsonSchema } = await import("../suite/json-schema.ts");
  return jsonText(of === "cluster" ? clusterJsonSchema() : suiteJsonSchema());
}
