import { build, type Plugin } from "esbuild";

/** client-node's files do nothing when they are loaded, which its package does not say: those that nobody uses stay out. */
export const usedOfClientNode: Plugin = {
  name: "used-of-client-node",
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^\.|^@kubernetes\/client-node$/ }, async ({ path, pluginData, ...from }) => {
      const isItsOwn = path.startsWith("@") || from.importer.includes("/node_modules/@kubernetes/client-node/");
      if (!isItsOwn || pluginData === "resolved") return undefined;
      return { ...(await resolve(path, { ...from, pluginData: "resolved" })), sideEffects: false };
    });
  },
};

/** Libraries in CommonJS call require, which modules don't have. */
export const requireForModules =
  'import { createRequire as cjs } from "node:module"; const require = cjs(import.meta.url);';

/** Writes what harness/ uses of client-node as one module, which is loaded in a tenth of the time of its thousand files. */
export async function bundleClientNode(outfile: string): Promise<void> {
  await build({
    stdin: {
      contents: 'export { KubeConfig, V1MicroTime } from "@kubernetes/client-node";',
      resolveDir: process.cwd(),
    },
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node22",
    plugins: [usedOfClientNode],
    banner: { js: requireForModules },
    logLevel: "silent",
  });
}
