import { sentenceCase } from "../core/words.ts";
import { contentsOf, type Page, type PageBlock, type PageSection, pageOf } from "./page.ts";
import type { Setting } from "./setting.ts";

/** docs/settings.md: every setting that has a record, by area. */
export function settingsMarkdown(settings: readonly Setting[]): string {
  const contents = contentsOf(settings);
  const index = contents.flatMap(({ title, settings: of }) => [
    `**${title}**`,
    of.map(({ key, summary }) => `- [\`${key}\`](#${anchor(key)}): ${summary}`).join("\n"),
  ]);
  const pages = contents.flatMap(({ title, settings: of }) => [
    `## ${title}`,
    ...of.map((setting) => pageMarkdown(pageOf(setting))),
  ]);
  return `${["# Kernel settings", introduction, ...index, ...pages].join("\n\n")}\n`;
}

const introduction =
  "What tunebench knows of each sysctl, as `tunebench explain KEY` prints it. Made from the records in `harness/knowledge/settings/` " +
  "by `tunebench explain --format md`; a test holds it to them.";

/** A page below a title of the third level. */
export function pageMarkdown({ title, summary, sections }: Page): string {
  return [`### ${title}`, sentence(summary), ...sections.flatMap(sectionMarkdown)].join("\n\n");
}

/** The title runs into the text, and stands above anything else. */
function sectionMarkdown({ title, blocks: [first, ...others] }: PageSection): string[] {
  const rest = others.map(blockMarkdown);
  if (first === undefined) return [];
  return first.kind === "text"
    ? [`**${title}.** ${first.text}`, ...rest]
    : [`**${title}**\n\n${blockMarkdown(first)}`, ...rest];
}

function blockMarkdown(block: PageBlock): string {
  if (block.kind === "text") return block.text;
  if (block.kind === "list") return block.items.map((item) => `- ${item}`).join("\n");
  return block.rows.map(([term, words]) => `- \`${term}\`${words === "" ? "" : `: ${words}`}`).join("\n");
}

/** As GitHub makes a title's anchor. */
function anchor(title: string): string {
  return title.toLowerCase().replace(/[^a-z0-9_ -]/g, "");
}

function sentence(words: string): string {
  return `${sentenceCase(words)}.`;
}
