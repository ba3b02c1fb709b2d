import { type Piece, piecesOf, type Text } from "../blocks.ts";
import { html, type Markup } from "./markup.ts";
import { type RatioAxis, ratioPlot, ratioScale } from "./ratio-plot.ts";

/** Colours of the page's palette; further profiles begin it anew. */
export const colors = 8;

/** Text with its mark-up. `axis`: of the table that it stands in, where that has ratios to draw. */
export function inline(text: Text, axis: RatioAxis | null = null): Markup {
  return html`${piecesOf(text).map((piece) => pieceMarkup(piece, axis))}`;
}

function pieceMarkup(piece: Piece, axis: RatioAxis | null): Markup {
  if (typeof piece === "string") return html`${piece}`;
  switch (piece.kind) {
    case "strong":
      return html`<strong>${piece.text}</strong>`;
    case "code":
      return html`<code>${piece.text}</code>`;
    case "link":
      return html`<a href="${piece.href}">${piece.text}</a>`;
    case "muted":
      return html`<span class="muted">${piece.text}</span>`;
    case "detail":
      return piece.code === true ? html`<code class="detail">${piece.text}</code>` : html`<small>${piece.text}</small>`;
    case "profile":
      return profileMarkup(piece);
    case "mark":
      return html`<span class="${["mark", piece.tone ?? "plain", ...(piece.pill === true ? ["pill"] : [])].join(" ")}">${
        piece.sign === undefined ? null : html`<span aria-hidden="true">${piece.sign}</span> `
      }${piece.text}</span>`;
    case "ratio":
      return html`${axis === null ? null : [ratioScale(axis, "in-card"), ratioPlot(piece.ratio, axis)]}<span class="ratio-text">${piece.text}</span>`;
  }
}

function profileMarkup({ name, place, caveats }: Extract<Piece, { kind: "profile" }>): Markup {
  const marks = caveats.map((number) => html` <a href="#caveat-${number}" aria-label="caveat ${number}">${number}</a>`);
  return html`<span class="profile-name"><span class="swatch p${place % colors}" aria-hidden="true"></span>${name}</span>${
    marks.length > 0 ? html`<sup>${marks}</sup>` : null
  }`;
}
