import { readFileSync } from "node:fs";
import { type PlatformName, platformNames } from "../../harness/deliver/platform-names.ts";
import { treeFile } from "./cli.ts";

/** A file as somebody wrote it, and which file of a delivery it becomes. */
export interface WrittenFile {
  platform: PlatformName;
  /** Of the delivery. */
  name: string;
  title: string;
  text: string;
}

/** The files of one form, `yaml`, `json`, `mime` or `args`: each behind a line `=== PLATFORM FILE TITLE`. */
export function writtenFiles(form: string): WrittenFile[] {
  const all = readFileSync(treeFile("test/fixtures/deliver/written", `${form}.txt`), "utf8");
  return all
    .split(/^=== /m)
    .slice(1)
    .map((section) => {
      const [head = "", ...lines] = section.split("\n");
      const [asked, name = "", ...title] = head.split(" ");
      const platform = platformNames.find((one) => one === asked);
      if (platform === undefined) throw new Error(`${form}.txt names no platform: ${head}`);
      return { platform, name, title: title.join(" "), text: lines.join("\n") };
    });
}
