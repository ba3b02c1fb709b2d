import { refusalRows, sentence } from "../refusals.ts";
import type { ReportInput } from "../report-input.ts";
import { html, type Markup } from "./markup.ts";
import { profileName } from "./profile-name.ts";

/** What the platform refused, in its own words, and what to do instead. */
export function refusalsSection({ analysis }: ReportInput): Markup {
  const rows = refusalRows(analysis);
  if (rows.length === 0) return html``;
  return html`<section aria-labelledby="refused"><h2 id="refused">Refused by the platform</h2>
<div class="findings">${rows.map(
    ({
      profile,
      route,
      words,
      reason,
      remedy,
    }) => html`<article><h3>${profileName(analysis, profile)}${wayOf(profile, route)}</h3>
<p><q>${words}</q></p><p>${sentence(reason)}</p>
<p class="remedy"><strong>Remedy</strong> ${remedy}</p></article>\n`,
  )}</div></section>`;
}

/** Left out where the profile bears its route's name. */
function wayOf(profile: string, route: string): Markup | null {
  return profile === route ? null : html` <span class="way">by ${route}</span>`;
}
