import { exitCodes, InputError } from "../core/errors.ts";
import { nearest } from "../core/nearest.ts";
import { screenOf } from "../core/screen.ts";
import { jsonText } from "../core/text.ts";
import { wrap } from "../core/words.ts";
import { dottedKey } from "../knowledge/keys.ts";
import { type Page, pageOf, pageOfFamily } from "../knowledge/page.ts";
import { pageMarkdown, settingsMarkdown } from "../knowledge/page-markdown.ts";
import type { Family, Setting } from "../knowledge/setting.ts";
import { familyOf, settingOf, settings } from "../knowledge/settings.ts";
import { caveatLines, caveatNamed } from "../report/explain-caveat.ts";
import { findingLines, findingNamed } from "../report/explain-finding.ts";
import { caveatNotes } from "../report/words/caveat-notes.ts";
import { findingNotes } from "../report/words/finding-notes.ts";
import { contentsText, pageText } from "./explain-text.ts";
import type { DocumentFormat } from "./formats.ts";

/**
 * `tunebench explain [NAME]`: what is known of a kernel setting, of a finding or of a caveat by its name; without one every setting in a line. A key may
 * be written with slashes, or as its last word where that is enough. Throws InputError, with the nearest spelling, for one that nothing is known of.
 */
export function explain(typed: string | undefined, { format }: { format: DocumentFormat }): number {
  const screen = screenOf(process.stdout);
  if (typed === undefined) {
    const all = {
      terminal: () => contentsText(settings, screen.width),
      md: () => settingsMarkdown(settings),
      json: () => jsonText(settings),
    };
    screen.write(all[format]());
    return exitCodes.done;
  }
  const topics = topicsNamed(typed);
  if (topics.length > 0) {
    screen.write(explained(topics, format, screen.width));
    return exitCodes.done;
  }
  const found = lookUp(typed);
  const one = {
    terminal: () => pageText(found.page, screen.width),
    md: () => `${pageMarkdown(found.page)}\n`,
    json: () => jsonText(found.record),
  };
  screen.write(one[format]());
  return exitCodes.done;
}

interface Topic {
  record: object;
  /** Its title first. */
  lines: string[];
}

/** A finding, a caveat, or both: some share a name. */
function topicsNamed(typed: string): Topic[] {
  const rule = findingNamed(typed);
  const code = caveatNamed(typed);
  return [
    ...(rule === null ? [] : [{ record: { rule, ...findingNotes[rule] }, lines: findingLines(rule) }]),
    ...(code === null ? [] : [{ record: { caveat: code, ...caveatNotes[code] }, lines: caveatLines(code) }]),
  ];
}

function explained(topics: Topic[], format: DocumentFormat, width: number): string {
  if (format === "json") return jsonText(Object.assign({}, ...topics.map(({ record }) => record)));
  const pages = topics.map(({ lines: [title = "", ...lines] }) =>
    format === "md"
      ? `# ${title}\n\n${lines.join("\n\n")}\n`
      : `${[title, ...lines.flatMap((line) => wrap(line, width, "  "))].join("\n")}\n`,
  );
  return pages.join("\n");
}

function lookUp(typed: string): { page: Page; record: Setting | (Family & { key: string }) } {
  const key = dottedKey(typed);
  const setting = settingOf(key) ?? byLastWord(key);
  if (setting !== null) return { page: pageOf(setting), record: setting };
  const near = nearestKey(key);
  const family = familyOf(key);
  // A slip of the keys in a name that has a record also fits its family.
  if (family !== null && near === null) return { page: pageOfFamily(key, family), record: { key, ...family } };
  throw new InputError(
    `nothing is known of ${JSON.stringify(typed)}${near === null ? "" : `; did you mean "${near}"?`}`,
    {
      hint: "tunebench explain lists the settings that are known; findings are in docs/diagnosis.md, caveats in docs/caveats.md",
    },
  );
}

/** `somaxconn` for net.core.somaxconn, where no other ends in it. */
function byLastWord(word: string): Setting | null {
  const [only, ...others] = settings.filter(({ key }) => key.endsWith(`.${word}`));
  return others.length === 0 ? (only ?? null) : null;
}

function nearestKey(key: string): string | null {
  return nearest(
    key,
    settings.map((setting) => setting.key),
  );
}
