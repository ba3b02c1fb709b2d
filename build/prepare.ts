/**
 * `npm run prepare`, after `npm ci` and before `npm pack`: dist/ and its types, unless they are there and as new as all that they are made of.
 * npm's first `npx tunebench` in a clone installs the clone into npx's own cache, which prepares it once more: 18 s before the first word.
 */
import { execFileSync } from "node:child_process";
import { globSync, statSync, writeFileSync } from "node:fs";

/** Written last: a build that was cut off is made again. */
const stamp = "dist/prepared";
/** Folders are among them: they change where a file goes. The last is what npm writes where it has changed libraries. */
const sources = [
  "harness{,/**}",
  "clusters{,/**}",
  "build{,/**}",
  "{package,tsconfig,tsconfig.*}.json",
  "node_modules/.package-lock.json",
];

if (changedMs(stamp) <= Math.max(...globSync(sources).map(changedMs))) {
  execFileSync("npm", ["run", "build"], { stdio: "inherit" });
  execFileSync("tsc", ["-p", "tsconfig.types.json"], { stdio: "inherit" });
  writeFileSync(stamp, "");
}

/** 0 where there is nothing. */
function changedMs(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
