import { differenceKinds } from "../analysis/differences.ts";
import { gatesOfTwoRuns } from "../analysis/gate.ts";
import { exitCodes, InputError } from "../core/errors.ts";
import { jsonText, printable } from "../core/text.ts";
import { gateRecord } from "../report/json.ts";
import type { DocumentFormat } from "./formats.ts";
import { renderGate } from "./gate.ts";
import type { RunChoice } from "./results-option.ts";
import { chosenSide } from "./stored-side.ts";

/**
 * `tunebench compare`: what the gate would say of each profile that two runs share, whatever the runs differ in. The exit code is 0:
 * to decide is the gate's.
 */
export function compare(first: string, second: string, options: RunChoice & { format: DocumentFormat }): number {
  const [baseline, candidate] = [chosenSide(first, options), chosenSide(second, options)];
  if (baseline.run.id === candidate.run.id) {
    throw new InputError(`both are run ${baseline.run.id}`, { hint: "name two runs" });
  }
  const [before, after] = [baseline, candidate].map(({ run }) => run.profiles.map(({ name }) => name)) as [
    string[],
    string[],
  ];
  const shared = after.filter((name) => before.includes(name));
  if (shared.length === 0) {
    throw new InputError("the runs have no profile in common", {
      hint: `${baseline.run.id} has ${before.join(", ")}; ${candidate.run.id} has ${after.join(", ")}`,
    });
  }
  const alone = [...before, ...after].filter((name) => !shared.includes(name));
  if (alone.length > 0)
    process.stderr.write(`tunebench: not compared, in one of the runs only: ${printable(alone.join(", "))}\n`);
  const arms = shared.map((profile) => ({ baseline: { ...baseline, profile }, candidate: { ...candidate, profile } }));
  const gates = gatesOfTwoRuns(arms, differenceKinds);
  const { format } = options;
  process.stdout.write(
    format === "json" ? jsonText(gates.map(gateRecord)) : gates.map((one) => renderGate(one, format)).join("\n"),
  );
  return exitCodes.done;
}
