/**
 * Loaded before all else by each thread of tests of a cluster (test/run.ts, --import): client-node is one file there, where its variable names that, and
 * not a thousand, which cost each thread a second of CPU. The same modules, bundled as dist/ has them.
 */
import { registerHooks } from "node:module";
import { pathToFileURL } from "node:url";

/** Variable that names the bundle. */
export const bundledClientVariable = "TUNEBENCH_TEST_CLIENT_NODE";

const bundle = process.env[bundledClientVariable];
if (bundle !== undefined) {
  const url = pathToFileURL(bundle).href;
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === "@kubernetes/client-node" ? { url, shortCircuit: true } : next(specifier, context),
  });
}
