import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { codeFile } from "../../core/package-root.ts";
import { bundlePage } from "./bundle-page.ts";

/** The page's script and style, ready to stand inline, with the hashes by which its security policy allows only them. */
export interface PageAssets {
  script: string;
  style: string;
  scriptHash: string;
  styleHash: string;
}

let made: PageAssets | null = null;

/** Reads what the build made of page/, or bundles it where the tree runs unbuilt, once per process. Files of this package only. */
export function pageAssets(): PageAssets {
  made ??= madeOf(codeFile("report/html/page"));
  return made;
}

function madeOf(folder: string): PageAssets {
  const [scriptFile, styleFile] = [join(folder, "page.js"), join(folder, "page.css")];
  const bundled = existsSync(scriptFile)
    ? { script: readFileSync(scriptFile, "utf8"), style: readFileSync(styleFile, "utf8") }
    : bundlePage(folder);
  const script = bundled.script.replaceAll("</script", "<\\/script");
  const { style } = bundled;
  return { script, style, scriptHash: sha256(script), styleHash: sha256(style) };
}

function sha256(text: string): string {
  return `sha256-${createHash("sha256").update(text).digest("base64")}`;
}
