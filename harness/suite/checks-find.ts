import { escaped } from "../core/text.ts";
import { optionOf, optionValue } from "./command-option.ts";
import type { Checked } from "./written.ts";

/** What `tunebench find` may change of a program is there, so that it is changed and not added. */
export function checkLevers({ written, sections: { target }, report }: Checked): void {
  if (target === undefined) return;
  for (const lever of written.keys(["find", "levers"])) {
    const path = ["find", "levers", lever];
    const option = optionOf(written.text(path) ?? "");
    if (option === null || optionValue(target.command, option) !== null) continue;
    report(path, `target.command has no value for ${escaped(option)}; give it the one that it has now`);
  }
}
