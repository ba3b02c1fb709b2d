import { describeSeen, type FindingCase, type FindingGroup, groupFindings } from "../findings.ts";
import type { ReportInput } from "../report-input.ts";
import { evidenceFacts } from "../words/evidence.ts";
import { html, type Markup } from "./markup.ts";
import { profileName } from "./profile-name.ts";

/** What the real bottlenecks were, each with its numbers and its remedy. */
export function findingsSection(input: ReportInput): Markup {
  const groups = groupFindings(input.analysis);
  if (groups.length === 0) return html``;
  return html`<section aria-labelledby="findings"><h2 id="findings">Findings</h2>
<div class="findings">${groups.map((group) => finding(group, input))}</div></section>`;
}

function finding(group: FindingGroup, input: ReportInput): Markup {
  return html`<article><h3>${group.title} <span class="side">${group.side}</span></h3>
${group.cases.map((one) => findingCase(one, input))}
<p class="remedy"><strong>Remedy</strong> ${group.remedy}</p></article>\n`;
}

function findingCase({ bottleneck, members }: FindingCase, { analysis }: ReportInput): Markup {
  const rows = members.map(({ profile, finding }) => {
    const seen = describeSeen(finding);
    const items = evidenceFacts(finding).map(({ what, amount }) => html`<li>${what} <strong>${amount}</strong></li>`);
    return html`<dt>${profileName(analysis, profile)}</dt>
<dd><ul>${items}${seen === null ? null : html`<li>${seen}</li>`}</ul></dd>`;
  });
  return html`<p>${bottleneck}</p><dl class="evidence">${rows}</dl>`;
}
