import { join } from "node:path";
import { buildSync, type Metafile } from "esbuild";

/** The page's script and style as one file each, and what they were made of. */
export interface PageBundle {
  script: string;
  style: string;
  inputs: Metafile["inputs"];
}

/** Bundles main.ts (uPlot with it) and page.css of a folder: when the package is built, and for a page that is made by the tree itself. */
export function bundlePage(folder: string): PageBundle {
  const { outputFiles, metafile } = buildSync({
    entryPoints: [join(folder, "main.ts"), join(folder, "page.css")],
    outdir: folder,
    write: false,
    bundle: true,
    minify: true,
    format: "iife",
    target: "es2022",
    charset: "ascii",
    legalComments: "inline",
    logLevel: "silent",
    metafile: true,
    tsconfigRaw: {},
  });
  const textOf = (end: string) => outputFiles.find(({ path }) => path.endsWith(end))?.text.trim() ?? "";
  return { script: textOf(".js"), style: textOf(".css"), inputs: metafile.inputs };
}
