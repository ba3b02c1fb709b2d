import * as z from "zod";
import type { FaultSignature, StopCriteria } from "../results/criteria.ts";
import { failedCheck, withBuiltInFaults } from "./fault-kinds.ts";
import { duration, form, line, list, orElse, ratio, text, wholeNumber } from "./schema-forms.ts";

/** Schema of what ends a trial's load, and of the faults that count. */

const faultKind = text("the name of a fault, such as EADDRNOTAVAIL", /^[A-Za-z0-9][A-Za-z0-9 ._-]{0,62}$/);
const faultsAllowed = "checks, or a list of faults: [{kind: NAME, match: TEXT, in: body}]";
/** Each failed check, whatever its name. */
const anyCheck: FaultSignature = { kind: failedCheck, match: "", in: "check" };
const allChecks = text(faultsAllowed, /^checks$/).transform(() => [anyCheck]);
const listed = list(
  faultsAllowed,
  form("a map with kind, match and in", {
    kind: faultKind.describe("Name under which it is counted."),
    match: line("text that only this fault has").describe("Text by which it is known; case is ignored."),
    in: z.enum(["body", "log", "check"], {
      error: "body (of a failed response), log (the target's output) or check (the name of a check that failed)",
    }),
  }),
  100,
);
export const faults = z
  .union([allChecks, listed], { error: faultsAllowed })
  .optional()
  .transform((own = []) => withBuiltInFaults(own))
  .describe(
    "Faults to tell apart, beside the built-in ones (EADDRNOTAVAIL, ECONNREFUSED, ECONNRESET, ETIMEDOUT, EMFILE). `checks`: a request of which a check fails is a failed one (CHECK_FAILED).",
  );

const windows = wholeNumber("a whole number of consecutive windows, from 1 to 1000", 1, 1000);
const ceiling = duration.optional();
const latency = form("one of p50, p90, p99 with its ceiling, and windows", {
  p50: ceiling,
  p90: ceiling,
  p99: ceiling,
  windows,
})
  .meta({ oneOf: [{ required: ["p50"] }, { required: ["p90"] }, { required: ["p99"] }] })
  .transform(({ windows, ...ceilings }, context): StopCriteria["latency"] => {
    const given = (["p50", "p90", "p99"] as const).flatMap((quantile) => {
      const aboveMs = ceilings[quantile];
      return aboveMs === undefined ? [] : [{ quantile, aboveMs, windows }];
    });
    const number = given.length === 0 ? "no" : "more than one";
    if (given.length !== 1)
      context.addIssue(`${number} percentile is given; use one of p50, p90, p99 with its ceiling`);
    return given[0] ?? null;
  })
  .describe("A percentile above a ceiling: {p99: 500ms, windows: 4}.");

export const stop = form("a map with after, and fault, requests, latency, cliff, saturated or decided", {
  fault: orElse(
    form("a map with ratio and windows, and kind for one fault only", {
      kind: orElse(faultKind, null).describe("This fault only; without it, any."),
      ratio: ratio.describe("Share of a window's requests that failed by it: 1%."),
      windows,
    }),
    null,
  ),
  requests: orElse(wholeNumber("a whole number of requests, 1 or more", 1, 1_000_000_000), null).describe(
    "A profile that got this far without breaking has held: a lower bound.",
  ),
  after: duration
    .optional()
    .describe("Longest time of a trial's load. Required, unless conditions or an objective say how long it takes."),
  latency: orElse(latency, null),
  cliff: orElse(form("a map with windows", { windows }), null).describe("Stop once the scan cliff has lasted so long."),
  saturated: orElse(form("a map with windows", { windows }), null).describe(
    "Stop once it has not kept up with the rate asked for so long, unless the declared fault may still come.",
  ),
  decided: form("a map with windows", { windows })
    .optional()
    .describe(
      "Stop a profile past twice what the baseline served before its wall, once its ports in use are level for so long.",
    ),
}).describe("When a trial's load ends; the first to come decides.");
