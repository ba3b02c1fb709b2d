import type { SysctlReading } from "../../results/trial.ts";
import type { ReportInput } from "../report-input.ts";
import { html, type Insert, type Markup } from "./markup.ts";
import { profileName } from "./profile-name.ts";
import { dataTable } from "./table.ts";

const originWords = {
  profile: "the profile asks for it",
  pinned: "set for every trial: its default depends on memory",
  recorded: "only recorded",
};

/** Settings as asked, as found before, just after writing and after the load; what profiles share stands once. */
export function settingsSection(input: ReportInput): Markup {
  const rows = sharedReadings(input).map(({ reading, profiles }): Insert[] => [
    html`<code>${reading.key}</code>`,
    reading.role,
    profiles.length > 1 && profiles.length === input.analysis.profiles.length
      ? "all profiles"
      : profiles.map((profile) => profileName(input.analysis, profile)),
    value(reading.asked ?? html`<span class="muted">not asked</span>`),
    value(reading.before),
    effectiveCell(reading),
    value(reading.after),
    originWords[reading.origin],
  ]);
  if (rows.length === 0) return html``;
  const heads = ["Key", "Namespace of", "Profiles", "Asked", "Before", "Effective", "After the load", "Why it is here"];
  return html`<section aria-labelledby="settings"><h2 id="settings">Settings</h2>
${dataTable(
  "Read inside the namespaces; ? could not be read",
  heads.map((title) => ({ title })),
  rows,
)}</section>`;
}

function value(text: Insert): Markup {
  return html`<span class="values">${text ?? "?"}</span>`;
}

function effectiveCell({ asked, effective }: SysctlReading): Markup {
  if (asked === null || asked === effective) return value(effective);
  return html`<strong class="bad">${effective ?? "?"} (did not take)</strong>`;
}

/** Readings that are alike in role, key and values, with the profiles in whose trials they were made. */
function sharedReadings({ trials }: ReportInput): { reading: SysctlReading; profiles: string[] }[] {
  const rows = new Map<string, { reading: SysctlReading; profiles: Set<string> }>();
  for (const { profile, sysctls } of trials) {
    for (const reading of sysctls) {
      const { role, key, asked, before, effective, after, origin } = reading;
      const same = JSON.stringify([role, key, asked, before, effective, after, origin]);
      const row = rows.get(same) ?? { reading, profiles: new Set() };
      row.profiles.add(profile);
      rows.set(same, row);
    }
  }
  const place = { profile: 0, pinned: 1, recorded: 2 };
  return [...rows.values()]
    .toSorted((one, other) => place[one.reading.origin] - place[other.reading.origin])
    .map(({ reading, profiles }) => ({ reading, profiles: [...profiles] }));
}
