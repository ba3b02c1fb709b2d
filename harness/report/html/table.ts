import { html, type Insert, type Markup } from "./markup.ts";

/** A column's head; numbers stand at the right. */
export interface Head {
  title: string;
  numeric?: boolean;
}

/** A table with caption and scopes, inside a region that scrolls and can be reached by keyboard where it is too wide. */
export function dataTable(caption: string, heads: Head[], rows: Insert[][]): Markup {
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table>
<caption>${caption}</caption>
<thead><tr>${heads.map((head) => html`<th scope="col"${numeric(head)}>${head.title}</th>`)}</tr></thead>
<tbody>${rows.map((cells) => html`<tr>${cells.map((value, index) => cell(value, index, heads[index]))}</tr>\n`)}</tbody>
</table></div>`;
}

function cell(value: Insert, index: number, head: Head | undefined): Markup {
  return index === 0 ? html`<th scope="row">${value}</th>` : html`<td${numeric(head)}>${value}</td>`;
}

function numeric(head: Head | undefined): Markup {
  return head?.numeric === true ? html` class="num"` : html``;
}

/** As a column's head begins; a percentile keeps its small p. */
export function capital(title: string): string {
  return /^p\d/.test(title) ? title : `${title.slice(0, 1).toUpperCase()}${title.slice(1)}`;
}
