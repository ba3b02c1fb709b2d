import { globSync, readFileSync, writeFileSync } from "node:fs";

/** Writes the licences of the packages that bundled files come from: they ask to go where their code goes. */
export function writeNotices(file: string, inputs: string[]): void {
  const packages = [...new Set(inputs.flatMap(packageOf))].sort();
  writeFileSync(file, packages.map(noticeOf).join("\n"));
}

/** The folder of the package that a file belongs to; nothing of our own. */
function packageOf(input: string): string[] {
  const folder = /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(input)?.[0];
  return folder === undefined ? [] : [folder];
}

function noticeOf(folder: string): string {
  const {
    name,
    version,
    licenses,
    license = licenses?.[0]?.type,
  } = JSON.parse(readFileSync(`${folder}/package.json`, "utf8"));
  const [licence] = globSync(`${folder}/{LICENSE,LICENCE,license}*`);
  if (licence === undefined)
    throw new Error(`${name} ${version} (${license}) has no licence file: it can't be bundled`);
  return `${name} ${version} (${license})\n\n${readFileSync(licence, "utf8").trim()}\n`;
}
