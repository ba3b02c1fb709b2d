import { formatCount } from "../../core/numbers.ts";
import { formatSeconds } from "../../core/units.ts";
import { counted } from "../../core/words.ts";
import type { InvalidReason, LoadLoss } from "../../results/invalid-reason.ts";
import { faultWords } from "./fault-counts.ts";
import { generatorDeathWords, generatorEndWords, generatorName } from "./stop-reasons.ts";

/** Why a trial must not be read as a measurement, as a clause; `unknown` where no reason was recorded. It may hold a part's own words. */
export function invalidWords(reason: InvalidReason | null, unknown = "no reason was recorded"): string {
  if (reason === null) return unknown;
  switch (reason.code) {
    case "script-threw":
      return `the script threw: ${reason.words}${timesWords(reason)}`;
    case "generator-died":
      return generatorDeathWords(reason.death);
    case "part-died":
      return `${reason.role} ended under load${reason.lastLine === null ? "" : `: ${reason.lastLine}`}`;
    case "part-lost":
      return reason.words;
    case "part-not-ready": {
      const { words, hint, lastLine } = reason;
      return [
        words,
        ...(hint === null ? [] : [hint]),
        lastLine === null ? "it wrote nothing" : `it wrote: ${lastLine}`,
      ].join("; ");
    }
    case "moved":
      return `it ran on node ${reason.node}, the block's earlier trials on ${reason.blockNode}`;
    case "exports-lost":
      return `${reason.lost} of ${reason.exports} exports of the generator were lost`;
    case "load-lost":
      return `${lossWords(reason.loss)}${reason.more === 0 ? "" : ` (and ${reason.more} more of its kind)`}`;
    case "setting-not-taken":
      return `${reason.key} of ${reason.role} did not take: asked ${reason.asked}, found ${reason.found ?? "unreadable"}`;
    case "setting-changed":
      return `${reason.key} of ${reason.role} changed during the trial: ${reason.before} before the load, ${reason.after} after`;
    case "no-request-completed":
      return "no request was completed";
    case "nothing-served":
      return nothingServedWords(reason);
    case "arm-not-reached":
      return `${counted(reason.requests, "request")} counted for it went elsewhere: nobody connected to its target; in a duet a script asks currentTarget() of tunebench/k6, or __ENV.TARGET_URL by k6/http`;
    case "other-arm-invalid":
      return `${reason.profile}, which ran at the same time, is invalid`;
    case "not-watched": {
      const who = reason.watcher === "harness" ? "the harness" : "its sampler, or what it told,";
      return `the target was not watched for ${formatSeconds(reason.seconds)} of the load: ${who} was held up`;
    }
  }
}

/** " (in 12 of 30 iterations)"; nothing of a script whose first lines or setup() throw. */
function timesWords({ thrown, iterations }: Extract<InvalidReason, { code: "script-threw" }>): string {
  return iterations === 0
    ? ""
    : ` (in ${formatCount(Math.min(thrown, iterations))} of ${counted(iterations, "iteration")})`;
}

function nothingServedWords({ faults, asked, targetUrl }: Extract<InvalidReason, { code: "nothing-served" }>): string {
  const instead = faults.length === 0 ? "" : `: ${faultWords(faults)}`;
  const lead = `the target never served a request${instead}`;
  if (asked === null) return lead;
  if (asked.isTarget) return `${lead}; asked was ${asked.url}`;
  return `${lead}; asked was ${asked.url}, which is not the target: __ENV.TARGET_URL is (${targetUrl})`;
}

function runnerEndWords(loss: Extract<LoadLoss, { kind: "runner-failed" }>): string {
  const end = generatorEndWords(loss);
  if (loss.exitCode === null) return end;
  const code = `exit code ${loss.exitCode}`;
  return end === code ? `ended with ${code}` : `ended with ${code} (${end})`;
}

function lossWords(loss: LoadLoss): string {
  switch (loss.kind) {
    case "runner-silent":
      return `runner ${loss.runner + 1} of ${loss.runners} fell silent: its share of the load is not known`;
    case "runner-failed": {
      const { runner, runners, node } = loss;
      return `runner ${runner + 1} of ${runners}${node === null ? "" : ` on ${node}`}: ${generatorName(loss)} ${runnerEndWords(loss)}`;
    }
    case "testbed":
      return loss.words;
  }
}
