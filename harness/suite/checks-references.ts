import { didYouMean } from "../core/nearest.ts";
import { escaped } from "../core/text.ts";
import type { Path } from "./document.ts";
import { isVariable } from "./factor-key.ts";
import { referenceNames, referencesIn, variableOf } from "./interpolate.ts";
import { shown } from "./problems.ts";
import type { Checked, Written } from "./written.ts";

/** Every `${...}` of commands and environments, the load's among them, names something that exists. */
export function checkReferences({ written, report }: Checked): void {
  const upstreams = written.keys(["upstreams"]);
  const names = referenceNames(upstreams);
  for (const path of interpolatedPaths(written, upstreams)) {
    for (const { name, closed } of referencesIn(written.text(path) ?? "")) {
      if (!closed) report(path, `${shown(`\${${name}`)} has no } at its end; write $\${ for a literal \${`);
      else if (!names.includes(name) && variableOf(name) === null)
        report(path, unknownReference(name, names, upstreams));
    }
  }
}

/** Where a suite takes a value from the environment of whoever runs it, and which variable that is. */
export function variablesTaken(written: Written): { path: Path; variable: string }[] {
  return interpolatedPaths(written, written.keys(["upstreams"])).flatMap((path) =>
    referencesIn(written.text(path) ?? "").flatMap(({ name }) => {
      const variable = variableOf(name);
      return variable === null ? [] : [{ path, variable }];
    }),
  );
}

function unknownReference(name: string, names: string[], upstreams: string[]): string {
  const hint = didYouMean(name, names) || `; write $\${ for a literal \${`;
  return `nothing is known as ${shown(`\${${name}}`)}; known are ${summary(upstreams)}${hint}`;
}

/** Paths of all values in which references are replaced. */
function interpolatedPaths(written: Written, upstreams: string[]): Path[] {
  const programs: Path[] = [
    ["target"],
    ...upstreams.map((name) => ["upstreams", name]),
    ...written
      .keys(["profiles"])
      .flatMap((name) => [
        ["profiles", name],
        ...written.keys(["profiles", name, "upstreams"]).map((upstream) => ["profiles", name, "upstreams", upstream]),
      ]),
  ];
  const maps = programs.flatMap((path) => [
    [...path, "command"],
    [...path, "kubernetes", "command"],
    [...path, "env"],
  ]);
  maps.push(["load", "env"]);
  for (const factor of written.keys(["factors"])) {
    const variables = written.keys(["factors", factor]).filter(isVariable);
    maps.push(...variables.map((key) => ["factors", factor, key]));
  }
  return maps.flatMap((path) => written.keys(path).map((key) => [...path, key]));
}

function summary(upstreams: string[]): string {
  const parts = [...upstreams.slice(0, 12).map((name) => `upstreams.${escaped(name)}`), "target"];
  return `${parts.map((part) => `${part}.host|port|address`).join(", ")}, folder, data, env.NAME`;
}
