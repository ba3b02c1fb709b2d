import type { Block, Facts, Figure, Group, List, Paragraph } from "../blocks.ts";
import { drawing, isSearch, searchLegend } from "./drawing.ts";
import { inline } from "./inline.ts";
import { html, type Markup } from "./markup.ts";
import { tableMarkup } from "./table.ts";

/** Blocks one below the other; groups and figures that follow one another stand beside each other where there is room. */
export function blocksMarkup(blocks: Block[]): Markup {
  const runs: Block[][] = [];
  for (const block of blocks) {
    const last = runs.at(-1);
    if (last?.[0]?.kind === block.kind && isBeside(block)) last.push(block);
    else runs.push([block]);
  }
  return html`${runs.map((run) => {
    const markup = run.map(blockMarkup);
    const [first] = run;
    if (first === undefined || !isBeside(first)) return markup;
    const legend = first.kind === "figure" && isSearch(first.chart) ? searchLegend : null;
    return [legend, html`<div class="${first.kind}s">${markup}</div>\n`];
  })}`;
}

function isBeside({ kind }: Block): boolean {
  return kind === "group" || kind === "figure";
}

function blockMarkup(block: Block): Markup {
  switch (block.kind) {
    case "paragraph":
      return paragraphMarkup(block);
    case "list":
    case "notes":
      return listMarkup(block);
    case "facts":
      return factsMarkup(block);
    case "table":
      return tableMarkup(block);
    case "group":
      return groupMarkup(block);
    case "folded":
      return html`<details><summary>${block.summary}</summary>${blocksMarkup(block.blocks)}</details>\n`;
    case "quotation":
      return html`<pre tabindex="0">${block.lines.map((line) => `${line}\n`)}</pre>\n`;
    case "figure":
      return figureMarkup(block);
  }
}

function paragraphMarkup({ text, lead, muted }: Paragraph): Markup {
  if (lead !== undefined) return html`<p class="lead"><strong>${lead}</strong> ${inline(text)}</p>\n`;
  return muted === true ? html`<p class="muted">${inline(text)}</p>\n` : html`<p>${inline(text)}</p>\n`;
}

function listMarkup({ kind, items }: List): Markup {
  if (kind === "list") return html`<ul class="sentences">${items.map((item) => html`<li>${inline(item)}</li>`)}</ul>\n`;
  return html`<ol class="sentences">${items.map((item, index) => html`<li id="caveat-${index + 1}">${inline(item)}</li>\n`)}</ol>\n`;
}

/** A name with several values: these beside each other in a list. */
function factsMarkup({ facts }: Facts): Markup {
  return html`<dl class="facts">${facts.map(
    ({ name, values }) =>
      html`<div><dt>${inline(name)}</dt>${
        values.length === 1
          ? html`<dd>${values.map((value) => inline(value))}</dd>`
          : html`<dd><ul>${values.map((value) => html`<li>${inline(value)}</li>`)}</ul></dd>`
      }</div>\n`,
  )}</dl>\n`;
}

function groupMarkup({ title, blocks }: Group): Markup {
  return html`<article><h3>${inline(title)}</h3>
${blocksMarkup(blocks)}</article>\n`;
}

function figureMarkup({ title, description, chart, numbers }: Figure): Markup {
  const figure = html`<figure><figcaption><strong class="figure-title">${title}</strong> ${description}</figcaption>
${drawing(chart, `${title}. ${description}`)}</figure>\n`;
  return numbers === null
    ? figure
    : html`<div>${figure}<details><summary>${numbers.caption}</summary>${tableMarkup(numbers)}</details></div>\n`;
}
