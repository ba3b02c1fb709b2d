import type { Analysis } from "../../analysis/analysis.ts";
import { html, type Markup } from "./markup.ts";

/** A profile's name behind its colour, the same everywhere on the page. */
export function profileName(analysis: Analysis, name: string): Markup {
  const place = analysis.profiles.findIndex((profile) => profile.name === name);
  return html`<span class="profile-name"><span class="swatch p${place % 8}" aria-hidden="true"></span>${name}</span>`;
}
