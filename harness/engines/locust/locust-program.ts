import { basename, join } from "node:path";
import { failedCheck } from "../../suite/fault-kinds.ts";
import { stagesWithin } from "../../suite/rate.ts";
import type { GeneratorCommand, GeneratorRequest } from "../engine.ts";

/** Of each status. */
const fewResponses = 5;

/** Locust's schedule outlasts the suite's bound by this: the harness ends the load, after a whole window, and not Locust. */
export const beyondStopMs = 2000;

/** A user that is one too many ends after the task that it is in. */
const rampDownSeconds = 60;

/**
 * How Locust is started for one trial, in the locustfile's folder: as it is, with our listener beside it (listener/tunebench_listener.py), which
 * splits into workers, has the suite's rate for a shape, counts, and sends to `exportTo`. The suite's `load.env` reaches the locustfile, but can't
 * override the harness's own variables.
 */
export function locustProgram(request: GeneratorRequest): GeneratorCommand {
  const { load, targetUrls, beside = "" } = request;
  const files = [basename(load.script), join(beside, "tunebench_listener.py")].join(",");
  const makes = [
    "--headless",
    "--host",
    targetUrls[0] ?? "",
    "--processes",
    "0",
    "--stop-timeout",
    `${rampDownSeconds}`,
  ];
  const says = ["--only-summary", "--loglevel", "WARNING", "--exit-code-on-error", "0"];
  // A team's locust.conf may ask for these: the folder can't be written.
  const writes = ["--csv", "", "--html", "", "--json-file", "", "--logfile", ""];
  return {
    argv: [request.program, join(beside, "tunebench_start.py"), "--locustfile", files, ...makes, ...says, ...writes],
    env: {
      ...load.env,
      ...isolation,
      TARGET_URL: targetUrls[0] ?? "",
      TARGET_URLS: targetUrls.join(" "),
      TUNEBENCH_ORDER: JSON.stringify(order(request)),
    },
  };
}

/** No packages of the user's own in place of the pinned ones, and nothing written beside the locustfile. */
const isolation = { PYTHONNOUSERSITE: "1", PYTHONDONTWRITEBYTECODE: "1", PYTHONUNBUFFERED: "1" };

/** What the listener reads. */
function order({ load, stop, targetUrls, exportTo, ...request }: GeneratorRequest) {
  return {
    startPerSecond: load.rate.startPerSecond,
    stages: stagesWithin(load.rate, stop.afterMs + beyondStopMs),
    virtualUsers: load.virtualUsers,
    pace: load.pace,
    targetUrls,
    exportTo,
    ...(request.stopAt === undefined ? {} : { stopAt: request.stopAt }),
    bodySignatures: request.bodySignatures.map(({ kind, match }) => ({ kind, match })),
    checkSignatures: (request.checkSignatures ?? []).map(({ kind, match }) => ({ kind, match })),
    refusedKind: failedCheck,
    responses: request.responses === "first-few" ? fewResponses : 0,
  };
}
