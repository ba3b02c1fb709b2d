import { type Column, type Piece, piecesOf, type Table, type Text } from "../blocks.ts";
import { inline } from "./inline.ts";
import { html, type Markup } from "./markup.ts";
import { type RatioAxis, ratioAxis, ratioScale } from "./ratio-plot.ts";

/** Columns that a telephone has room for; there each row of a wider table becomes a card, if there are not too many to scroll past. */
const mostOnPhone = { columns: 4, cards: 24 };

/**
 * A table with caption and scopes, inside a region that scrolls and can be reached by keyboard where it is too wide. As cards its parts
 * are no table to a browser any more, so they say what they are.
 */
export function tableMarkup({ caption, columns, rows, notes }: Table): Markup {
  const axis = axisOf(rows);
  const isCards = columns.length > mostOnPhone.columns && rows.length <= mostOnPhone.cards;
  const head = columns.map(
    (column, index) =>
      html`<th role="columnheader" scope="col"${align(column)}>${headOf(column)}${index === drawnColumn(rows) && axis !== null ? ratioScale(axis, "in-head") : null}</th>`,
  );
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table role="table"${isCards ? html` class="cards"` : null}>
<caption>${caption}</caption>
<thead role="rowgroup"><tr role="row">${head}</tr></thead>
<tbody role="rowgroup">${rows.map((cells) => rowMarkup(cells, columns, axis))}</tbody>
</table></div>
${notes.length === 0 ? null : html`<p class="muted">${notes.join(" ")}</p>\n`}`;
}

/** An axis for every ratio that the table draws; null without one. */
function axisOf(rows: Text[][]): RatioAxis | null {
  return ratioAxis(rows.flatMap((cells) => cells.flatMap(ratiosOf)).map(({ ratio }) => ratio));
}

function drawnColumn(rows: Text[][]): number {
  return rows.map((cells) => cells.findIndex((cell) => ratiosOf(cell).length > 0)).find((at) => at >= 0) ?? -1;
}

function ratiosOf(cell: Text): Extract<Piece, { kind: "ratio" }>[] {
  return piecesOf(cell).filter((piece) => typeof piece !== "string" && piece.kind === "ratio");
}

function rowMarkup([name = "", ...cells]: Text[], columns: Column[], axis: RatioAxis | null): Markup {
  const others = cells.map((cell, index) => {
    const column = columns[index + 1];
    return html`<td role="cell" data-label="${column === undefined ? "" : headOf(column)}"${align(column)}><div>${inline(cell, axis)}</div></td>`;
  });
  return html`<tr role="row"><th role="rowheader" scope="row">${inline(name)}</th>${others}</tr>\n`;
}

function align(column: Column | undefined): Markup {
  return column?.numeric === true ? html` class="num"` : html``;
}

/** With a capital, but for names, percentiles and single letters. */
function headOf({ title, isName }: Column): string {
  return isName === true || /^(p\d|[a-z]$)/.test(title) ? title : `${title.slice(0, 1).toUpperCase()}${title.slice(1)}`;
}
