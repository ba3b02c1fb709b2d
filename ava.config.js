import { basename } from "node:path";

export default {
  extensions: ["ts"],
  timeout: "5m",
  files: ["test/**/*.test.ts"],
  nodeArguments: [],
  require: ["./test/helpers/file-time.ts"],
  /** Whole runs take longest: they begin first, so that the short files fill the time beside them and none waits for one long file. */
  sortTestFiles: (one, other) => rank(one) - rank(other) || one.localeCompare(other),
};

function rank(file) {
  return basename(file).startsWith("run-") ? 0 : 1;
}
