/** Second half of `npm run build`: what tsc does not carry over to dist/, and the bit that lets the command be run. */
import { chmodSync, cpSync, globSync } from "node:fs";
import { join } from "node:path";

const assets = globSync("**/*.{go,mod,sum,css,js}", { cwd: "harness" });
for (const path of assets) cpSync(join("harness", path), join("dist", path));
chmodSync("dist/main.js", 0o755);
