/** Second half of `npm run build`: what tsc does not carry over to dist/, and the bit that lets the command be run. */
import { chmodSync, cpSync, globSync } from "node:fs";
import { join } from "node:path";

// The page's own script stays source: esbuild bundles it when a report is made.
const assets = globSync(["**/*.{go,mod,sum,css}", "report/html/page/*.ts"], { cwd: "harness" });
for (const path of assets) cpSync(join("harness", path), join("dist", path));
chmodSync("dist/main.js", 0o755);
