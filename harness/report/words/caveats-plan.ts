import { formatCount } from "../../core/numbers.ts";
import { formatChosen, formatPercent, formatRate, formatSeconds } from "../../core/units.ts";
import { counted, listWords } from "../../core/words.ts";
import type { SentencesOf } from "../../results/caveats.ts";
import type { CalibrationDifference, GoalLoad, PlanCaveat } from "../../results/caveats-plan.ts";

/** What each caveat of a plan says. */
export const planSentences: SentencesOf<PlanCaveat> = {
  "not-here": ({ words }) => `it can't run here: ${words}`,
  "not-in-a-cluster": ({ words }) => `it can't run in a cluster: ${words}`,
  "ordinary-user-is-default": ({ roles }) =>
    `ordinaryUser (${listWords(roles)}) is the default now, every part is an ordinary user: leave it out`,
  "privileged-parts": ({ roles }) =>
    `${listWords(roles, "and")} ${roles.length === 1 ? "runs" : "run"} as root with all its capabilities (privileged: true): what ${roles.length === 1 ? "it" : "each"} does to files and to the results is held by nothing`,
  "script-options-replaced": ({ options }) =>
    `the suite's load takes the place of options of the script: ${listWords(options)}`,
  "thresholds-not-evaluated": ({ thresholds }) =>
    `${thresholds.length === 1 ? "a threshold" : "thresholds"} of the script ${thresholds.length === 1 ? "is" : "are"} not evaluated here: ${thresholds.join("; ")}`,
  "few-users-planned": ({ virtualUsers, neededUsers, iterationSeconds, measured }) =>
    `${formatCount(virtualUsers)} virtual users are too few: an iteration ${measured ? "took" : "sleeps"} ${formatSeconds(iterationSeconds)}${measured ? " in the latest run" : " by what the script says"}, so that the rate keeps ${formatCount(neededUsers)} busy; say virtualUsers: ${formatCount(Math.ceil(neededUsers * 1.5))} or auto`,
  "closed-model": () =>
    "Locust's users wait for an answer before they ask again: a target that is slow is asked for less, and latencies hold too few of its slow moments (coordinated omission)",
  "own-load-shape": ({ shape }) =>
    `the locustfile's own load shape (${shape}) says how many users there are, and when: the suite's rate is not used`,
  "script-not-read": ({ script }) =>
    `the options of ${script}, and the files that it opens, were not read: no k6 is built here yet (the first run builds it, or name one with --k6 or TUNEBENCH_K6)`,
  "ports-of-the-suite": ({ ports, kernelPorts }) => {
    const [changes, when] = ports < kernelPorts ? ["narrows", "later"] : ["widens", "sooner"];
    return `measured with ${formatCount(ports)} ports: the suite ${changes} the target's range, the kernel's own has ${formatCount(kernelPorts)}, where walls come ${when}`;
  },
  "stop-before-wall": ({ stopRequests, stopSeconds, walls }) => {
    const bounds = stopRequests === null ? "" : `after ${formatCount(stopRequests)} requests or `;
    const expected = walls.map(
      ({ profile, requests, seconds }) => `${profile} (${formatCount(requests)} requests, ${formatSeconds(seconds)})`,
    );
    return `the load ends ${bounds}after ${formatSeconds(stopSeconds)}, before the wall that is expected, if every request opens a connection, for ${expected.join(", ")}: such a trial is censored, not measured`;
  },
  "generator-ports-first": ({ profiles }) =>
    `each request opens a connection (keepConnections: false, or the script's noConnectionReuse) and the generator's own ports to the target run out no later than the target's for ${profiles.join(", ")}: give the generator net.ipv4.tcp_tw_reuse or a wider port range, or keep connections`,
  "cliff-of-older-kernel": ({ kernel, newer }) =>
    `this kernel (${kernel}) is older than ${newer}, from which on connect() with few free ports is several times faster: the cliff comes earlier and is deeper here, and where it lies says little of a newer kernel`,
  "buckets-below-ports": ({ buckets, ports, profiles }) =>
    `tcp_max_tw_buckets (${formatCount(buckets)}) is below the usable ports (${formatCount(ports)}) for ${profiles.join(", ")}: TIME_WAITs are dropped instead of filling the ports, which looks like a win and is none`,
  "default-buckets-below-ports": ({ buckets, ports }) =>
    `left to itself a machine with this memory keeps ${formatCount(buckets)} TIME_WAITs (tcp_max_tw_buckets), fewer than the ${formatCount(ports)} ports: the walls here come from a larger value set for the experiment`,
  "too-few-blocks-planned": ({ blocks, neededBlocks, comparedProfiles, measures }) => {
    const given = blocks === 1 ? "1 block gives" : `${blocks} blocks give`;
    const family = `comparing ${counted(comparedProfiles, "profile")} with the baseline on ${counted(measures, "measure")}`;
    return `${given} effect sizes, but no verdict on a ratio: ${family} needs up to ${neededBlocks} blocks for any p below 0.05`;
  },
  "no-early-look": ({ blocks, neededBlocks }) =>
    `there is no room for an interim analysis before the last of ${blocks} blocks, so all of them run: ${neededBlocks} would allow one`,
  "no-calm-condition": ({ measures }) =>
    `${listWords(measures)} can't be compared: a trial has ${measures.length === 1 ? "it" : "them"} from its conditions without actions (up to a part that is killed for good), and there is none; give one`,
  "bursts-without-rate": ({ profiles }) =>
    `sustainedPerSecond can't be compared: a load in bursts has no sustained rate${whose(profiles)}; name other measures under compare.measures`,
  "load-ends-with-ramp": ({ measures, neededSeconds, profiles }) =>
    `${listWords(measures)} can't be compared: the load ends less than ${formatChosen(neededSeconds, "s")} after its ramp, and nothing is measured in it${whose(profiles)}`,
  "too-few-requests": ({ measure, requests, neededRequests }) =>
    `${measure} can't be compared: a trial has ${counted(requests, "request")} at most to measure it on, and ${formatCount(neededRequests)} would do; load longer, or compare a lower percentile`,
  "finer-than-buckets": ({ measure, resolutionRatio, tolerance }) =>
    `${measure} is read from buckets that are some ${formatPercent(resolutionRatio)} wide: a tolerance of ${formatChosen(tolerance, "fraction")} is finer than what can be told apart`,
  "search-hides-wall": ({ heldSeconds, timeWaitSeconds, ceilings }) => {
    const sustained = ceilings.map(({ profile, perSecond }) => `${profile} (${formatRate(Math.floor(perSecond))})`);
    return `each rate is held for ${formatChosen(heldSeconds, "s")}, less than a TIME_WAIT's ${formatChosen(timeWaitSeconds, "s")}: if every request opens a connection, a rate above what the ports sustain (usable ports / 60 s) may be found, for its wall comes later, for ${sustained.join(", ")}; hold for 60s, or end the search there`;
  },
  "too-few-steps": ({ fromPerSecond, toPerSecond, precision, steps, neededSteps }) =>
    `a search from ${formatRate(fromPerSecond)} to ${formatRate(toPerSecond)} may need ${neededSteps} steps to be ${formatChosen(precision, "fraction")} precise, and has ${steps}: begin higher, or allow more`,
  "search-too-coarse": ({ precision, tolerance }) =>
    `a search tells rates apart from ${formatChosen(precision, "fraction")} on, and the tolerance is ${formatChosen(tolerance, "fraction")}: no profile can be called the same as the baseline; search more precisely, or allow more`,
  "conditions-may-be-cut-short": ({ criteria, sparesActions }) => {
    const named = (some: typeof criteria) =>
      listWords(
        some.map((one) => `stop.${one}`),
        "and",
      );
    const walls = criteria.filter((one) => one !== "requests");
    const spared = sparesActions ? ` (conditions with actions are spared by ${named(walls)})` : "";
    return `${named(criteria)} may end the load before its conditions are over${spared}: those that did not come have no numbers`;
  },
  "goal-in-bursts": ({ load }) =>
    `the ${loadWords(load)} comes in bursts, which have no sustained rate: its goal for sustainedPerSecond can't be judged`,
  "goal-above-load": ({ load, loadPerSecond, goalPerSecond }) =>
    `the ${loadWords(load)} asks for ${formatChosen(loadPerSecond, "1/s")}: the goal of ${formatChosen(goalPerSecond, "1/s")} can't be kept`,
  "few-requests-for-goal": ({ load, measure, requests, neededRequests }) =>
    `the ${loadWords(load)} has ${counted(requests, "request")} at most to judge ${measure} by: with fewer than ${formatCount(neededRequests)} some slow ones decide it`,
  "condition-too-short": ({ condition, lastingMs, neededSeconds }) =>
    `condition ${condition} lasts ${formatChosen(lastingMs, "ms")}: it has numbers only where one of the generator's windows (0.5 s) lies wholly within it; ${formatChosen(neededSeconds, "s")} would do`,
  "arms-at-the-same-time": ({ upstreams }) => {
    const shared =
      upstreams.length === 0
        ? ""
        : `, and the ${upstreams.length === 1 ? "upstream" : "upstreams"} ${listWords(upstreams)}`;
    return `a duet: both profiles run at the same time and share CPUs, caches and the generator${shared}; what one takes the other lacks, so that a difference may show smaller than it is alone, and what either could take at most is not asked`;
  },
  "suite-not-copied-whole": ({ folder, mostFiles, mostMebibytes }) =>
    `${folder}/ holds over ${mostFiles} files or ${mostMebibytes} MiB; only the suite and the files it names were looked at and kept with the results`,
  "files-added": ({ since, files }) =>
    `${addedWords(files)} came into the suite's folder after the ${since.kind} ${since.id} was begun; what a program writes there itself is left out by \`ignore:\``,
  "stale-calibration": ({ calibration, differences }) =>
    `the calibration ${calibration} is not used, since it was made with other things: ${differences.map(differenceWords).join(", ")}; tunebench calibrate makes a new one`,
};

/** A program can write thousands. */
function addedWords(files: string[]): string {
  const named = files.slice(0, 5);
  return listWords(
    files.length > named.length ? [...named, `${formatCount(files.length - named.length)} more`] : named,
  );
}

function loadWords(load: GoalLoad): string {
  switch (load.kind) {
    case "condition":
      return `condition ${load.condition}`;
    case "first-step":
      return "search's first step";
    case "suite":
      return "load";
    case "profile":
      return `load of ${load.profile}`;
  }
}

function differenceWords(difference: CalibrationDifference): string {
  switch (difference.kind) {
    case "fact":
      return `${difference.name} ${difference.before} (now ${difference.now})`;
    case "suite-key":
      return `the suite's ${difference.key}`;
    case "baseline":
      return "the baseline";
    case "file":
      return difference.file;
    case "suite-file":
      return difference.state === "gone" ? "its suite file is gone" : "its suite file can't be read any more";
  }
}

/** " (a, b)", where it is not all of them. */
function whose(profiles: string[] | null): string {
  return profiles === null ? "" : ` (${profiles.join(", ")})`;
}
