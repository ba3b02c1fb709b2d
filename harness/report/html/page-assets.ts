import { createHash } from "node:crypto";
import { join } from "node:path";
import { buildSync } from "esbuild";
import { codeFile } from "../../core/package-root.ts";

/** The page's script and style, ready to stand inline, with the hashes by which its security policy allows only them. */
export interface PageAssets {
  script: string;
  style: string;
  scriptHash: string;
  styleHash: string;
}

let made: PageAssets | null = null;

/** Bundles page/main.ts (uPlot with it) and page/page.css once per process. Reads files of this package only. */
export function pageAssets(): PageAssets {
  made ??= bundle();
  return made;
}

function bundle(): PageAssets {
  const folder = codeFile("report/html/page");
  const { outputFiles } = buildSync({
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
    tsconfigRaw: {},
  });
  const textOf = (end: string) => outputFiles.find(({ path }) => path.endsWith(end))?.text.trim() ?? "";
  const script = textOf(".js").replaceAll("</script", "<\\/script");
  const style = textOf(".css");
  return { script, style, scriptHash: sha256(script), styleHash: sha256(style) };
}

function sha256(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
