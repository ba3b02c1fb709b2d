import { formatCount } from "../../core/numbers.ts";
import { formatRate, formatSeconds } from "../../core/units.ts";
import { counted, listWords } from "../../core/words.ts";
import type { CaveatOf, SentencesOf } from "../../results/caveats.ts";
import type { TrialCaveat } from "../../results/caveats-trial.ts";
import { generatorSignWords } from "./generator-signs.ts";
import { otherCpuWords } from "./other-cpu.ts";

/** What each caveat of a trial says. */
export const trialSentences: SentencesOf<TrialCaveat> = {
  "shared-cpus": ({ roles, sharedCpus, cpus }) =>
    `${roles.join(", ")} shared ${sharedCpus} of ${cpus} CPUs: each can slow the others`,
  "shared-node": ({ node }) => `the generator ran on ${node}, the target's own node: each can slow the other`,
  "generator-bound": ({ signs }) =>
    `the generator was the limit (${signs.map(generatorSignWords).join("; ")}): capacity is at least this, latency is not known`,
  "generator-watched-in-part": ({ runners }) =>
    `the generator's CPU was watched at 1 of ${runners} runners: another one may have been at its limit`,
  "stray-faults": ({ requests }) =>
    `${counted(requests, "request")} failed, too few or too scattered to count as a wall`,
  "undeclared-fault": ({ fault }) => `the service broke with ${fault}, which the suite does not declare`,
  "inferred-fault": ({ fault }) =>
    `${fault} was said nowhere: it is inferred from a 5xx with over 99% of the ports to one destination in use`,
  "no-answer": ({ seconds }) =>
    `nothing was answered for the last ${formatSeconds(seconds)} of the load, with every virtual user waiting: the target, or an upstream that it waits for, hung`,
  "peak-not-reached": ({ offeredPerSecond, peakPerSecond, withinRamp }) => {
    const why = withinRamp ? ": the load stopped within its ramp" : "";
    return `at most ${formatCount(offeredPerSecond)} of ${formatCount(peakPerSecond)} requests a second were asked for${why}`;
  },
  "offered-more": ({ begunPerSecond, askedPerSecond }) =>
    `the generator began ${formatRate(begunPerSecond)} where ${formatRate(askedPerSecond)} was asked: its users are whole, and each does what it can`,
  "window-gap": ({ seconds }) => `the generator reported nothing for ${formatSeconds(seconds)}`,
  "harness-stood-still": ({ times, ms }) => {
    const often = times === 1 ? "" : ` in all, ${times} times`;
    return `tunebench itself stood still for ${formatSeconds(ms / 1000)}${often} (stopped, without a CPU, or the machine slept): no wall and no rate is taken from that time`;
  },
  "not-read-back": ({ keys }) => `could not be read again after the load: ${keys.join(", ")}`,
  "ended-after-stop": ({ role }) => `${role} ended after the load's stop`,
  "listen-limit-unknown": ({ port, place }) => {
    const why = place === "here" ? "could not be read (ss)" : "can't be read from beside the target's container";
    return `the accept queue's limit on port ${port} ${why}: overflows are counted, against what is not known`;
  },
  "failed-checks": ({ failed, of, worst }) =>
    `${formatCount(failed)} of ${formatCount(of)} checks of the script failed, most often ${JSON.stringify(worst)}: what was answered counts as served all the same (faults: checks makes failed requests of them)`,
  "script-threw": ({ thrown, iterations, words }) =>
    `the script threw in ${formatCount(thrown)} of ${formatCount(iterations)} iterations, on requests that had failed, and did not go on in them (${words}): guard what it reads of a response, as in if (response.status === 200)`,
  "log-lost": ({ role, words }) => `the log of ${role} ends early: ${words}`,
  "own-limits-not-seen": ({ descriptors, memory }) => {
    const unseen = [
      ...(descriptors.length === 0 ? [] : [`open descriptors of ${listWords(descriptors)}`]),
      ...(memory.length === 0 ? [] : [`the memory cgroup of ${listWords(memory)}`]),
    ];
    return `${unseen.join(" and ")} can't be read from beside the container: EMFILE and kills for want of memory are known by the parts' own words and ends only`;
  },
  "unauthenticated-requests": ({ requests }) =>
    `${formatCount(requests)} requests without the run's secret came to its relay, which turned them away: something else in the cluster sends there`,
  "node-not-watched": ({ node, receiveWorkSeen }) => {
    const what = receiveWorkSeen ? "interrupts and" : "interrupts, receive work per CPU and";
    return `${what} connection tracking of ${node} were not watched (observeNode in the cluster file does), nor was the CPU that others used there`;
  },
  "node-default-sysctls": ({ node, settings }) => {
    const values = settings.map(({ key, value }) => `${key}=${value}`);
    return `the kubelet of ${node} gives every pod ${listWords(values, "and")} (defaultPodSysctls): the baseline had it, too`;
  },
  "installed-target": ({ service, pods }) =>
    `the target is what is installed as ${service} (${counted(pods, "pod")}): it was not begun anew, so that trials share its state, and others may use it`,
  "conntrack-unknown": ({ node, connections, limit, isUsualLimit }) => {
    const ofNode = `${formatCount(limit)}${isUsualLimit ? " on most nodes" : ""}`;
    return `${formatCount(connections)} connections were opened from and to the target, and ${node} may track them all: its limit is ${ofNode}, and whether it was reached was not watched`;
  },
  "cpu-of-others-unknown": ({ node }) => {
    const where = node === null ? "" : ` on ${node}`;
    return `how much CPU programs outside the run used${where} was not measured: what they slowed down is not known`;
  },
  "cpu-taken-by-others": ({ otherCpu }) => `${otherCpuWords(otherCpu)}: rates and latencies may be their doing`,
  bursts: () => "the load came in bursts: how much was served a second depends on where the trial ended",
  "ramp-not-over": () => "the load stopped before its ramp had ended: there is no sustained rate",
  "nothing-after-ramp": ({ connectionRate, cpuRoles }) => {
    const absent = [
      ...(connectionRate ? ["rate of opened connections"] : []),
      ...(cpuRoles.length === 0 ? [] : [`CPU use of ${cpuRoles.join(", ")}`]),
    ];
    return `the load stopped before its ramp had ended, or just after: there is no ${absent.join(" and no ")}`;
  },
  "no-healthy-latency": () =>
    "no whole window of successes lies between the ramp's end and the first wall: latency is not known",
  "missing-sampler": ({ sampler }) => unread[sampler],
  "cpu-time-not-sampled": ({ role }) => `CPU time of ${role} was not sampled during the load`,
  "one-window": ({ of }) => `the ${of === "latency" ? "latency" : "sustained rate"} stands on a single window`,
  "coarse-histogram": ({ resolutionRatio }) =>
    `percentiles are known to ${Math.round(resolutionRatio * 100)}% only, the width of a histogram's bucket`,
  "dropped-iterations": ({ iterations }) =>
    `${formatCount(iterations)} iterations found no free virtual user while latency was measured: it is a lower bound`,
  "unanswered-users": ({ users, virtualUsers }) =>
    `${users} of ${virtualUsers} virtual users waited for an answer that never came: no latency holds their wait`,
  "all-disturbed": () =>
    "nothing was seen outside of what was done to parts on purpose and of standstills: the trial has no rate and no latency of its own",
  "mixed-conditions": ({ conditions }) =>
    `the trial's own rate, latency and failures are taken over ${conditions.join(" and ")}${conditions.length > 1 ? " together" : ""}: each condition has its own in the conditions' table`,
  relay: ({ role }) =>
    `${role} is reached through a relay, one program more on every request's way, in all profiles alike`,
  "action-failed": ({ condition, words }) => `${condition}: ${words}`,
  "action-skipped": ({ condition, role, action }) => `${condition}: ${role} was not running: no ${action}`,
  "conditions-cut-short": ({ endedSeconds, plannedSeconds }) =>
    `the load ended at ${formatSeconds(endedSeconds)} of the conditions' ${formatSeconds(plannedSeconds)}: what comes later was not seen`,
};

const unread: Record<CaveatOf<"missing-sampler">["sampler"], string> = {
  sockets: "the target's sockets were not sampled during the load",
  "port-table": "the target's socket table was not read during the load: port use is not known",
  "opened-connections": "the target's count of opened connections was not sampled during the load",
  "receive-work": "receive work per CPU was not sampled during the load",
};
