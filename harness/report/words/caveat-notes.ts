import type { CaveatCode } from "../../results/caveats.ts";

/** What a caveat means to whoever reads the numbers beside it. */
export interface CaveatNote {
  /** What it takes from which numbers, in a sentence. */
  meaning: string;
  /** What gives the numbers without it; null where nothing needs to be done. */
  remedy: string | null;
}

/** One for each caveat: docs/caveats.md and `tunebench explain CAVEAT` are made of them. */
export const caveatNotes: Record<CaveatCode, CaveatNote> = {
  "shared-cpus": {
    meaning:
      "Parts ran on the same CPUs: a busy one slows the others, so a capacity is that of all of them together. Profiles are compared all the same.",
    remedy: "Give each role CPUs of its own (`cpus`), on a machine that has them.",
  },
  "shared-node": {
    meaning: "The generator's pods were on the target's node and took CPU and network from it.",
    remedy: "Two nodes: a nodeSelector for the target's profile, another for the cluster file.",
  },
  "generator-bound": {
    meaning: "The load generator reached a limit of its own first: rates are lower bounds, latency says nothing.",
    remedy:
      "More virtual users, more CPUs or runners, or a wider port range for the generator: the finding of this name says which.",
  },
  "generator-watched-in-part": {
    meaning: "Of several pods that made the load one was sampled: another may have been at its limit unseen.",
    remedy: null,
  },
  "stray-faults": {
    meaning: "Some requests failed, too few or too scattered to be a wall; they count as failed requests.",
    remedy: null,
  },
  "undeclared-fault": {
    meaning: "The trial ended by a fault that the suite does not name: it is a wall, perhaps of another kind.",
    remedy: "Declare it under `faults` if it is what you look for.",
  },
  "inferred-fault": {
    meaning:
      "No answer and no log named the fault: it is concluded from a 5xx while nearly all ports to one destination were in use.",
    remedy: "Have the service put the error into its answer or its log.",
  },
  "no-answer": {
    meaning: "At the load's end nothing was answered any more: latency up to there leaves those users out.",
    remedy: null,
  },
  "peak-not-reached": {
    meaning: "The load ended before it had asked for its highest rate: nothing is known of that rate.",
    remedy: "A shorter ramp, or a later stop.",
  },
  "offered-more": {
    meaning:
      "Locust has whole users, and each does what it can: of quick tasks with hardly a wait one user is more than a low rate, and users that fail at once ask again at once.",
    remedy: "`pace: true`, a longer wait_time, or a higher rate.",
  },
  "window-gap": {
    meaning: "The generator sent no numbers for a while: what happened then is known from its totals only.",
    remedy: "Run it again on a machine with a CPU free for the harness.",
  },
  "harness-stood-still": {
    meaning:
      "The harness itself did not run for over a second (stopped, starved, or the machine slept): windows of that time are left out.",
    remedy: "Run it again.",
  },
  "not-read-back": {
    meaning: "A setting was seen in effect before the load and could not be read after it: the part had gone.",
    remedy: null,
  },
  "ended-after-stop": { meaning: "A part ended while the load was being stopped: no number is touched.", remedy: null },
  "listen-limit-unknown": {
    meaning: "The accept queue's limit was not seen: overflows are counted, its use as a share is not known.",
    remedy: "Install iproute2 (ss) here; in a cluster it stays so.",
  },
  "failed-checks": {
    meaning:
      "More than 1% of the script's checks failed: the service answered, but not what the script expects. Served requests, rates and walls count these answers as good ones.",
    remedy: "`faults: checks` in the suite counts a request of which a check fails as a failed one.",
  },
  "script-threw": {
    meaning:
      "The script read of an error page what only a good one has, and threw: the failed request is counted, what was to come after it in the iteration was not done. What came before stands.",
    remedy:
      "Guard what the script reads of a response: `if (response.status === 200) { … response.json() … }`, or return where it failed.",
  },
  "log-lost": {
    meaning: "A part's log is not whole: a fault that only a log tells may be missing.",
    remedy: "Log less, or to a faster disk.",
  },
  "own-limits-not-seen": {
    meaning:
      "Descriptors or the memory cgroup of a container of another user can't be read from beside it: such limits are known by the part's own words only.",
    remedy: null,
  },
  "unauthenticated-requests": {
    meaning:
      "Something in the cluster sent to the run's relay without its secret and was turned away: no number is its.",
    remedy: "Find the sender; a NetworkPolicy keeps it out.",
  },
  "node-not-watched": {
    meaning: "Interrupts, connection tracking and the CPU of others on the target's node were not seen.",
    remedy: "`observeNode: true` in the cluster file, where privileged pods are allowed.",
  },
  "node-default-sysctls": {
    meaning:
      "The node's kubelet sets these in every new pod (`defaultPodSysctls`), so that no profile was measured with the kernel's own defaults.",
    remedy: "A profile that sets the kernel's default, or a node without the setting, by `nodeSelector`.",
  },
  "installed-target": {
    meaning:
      "The load went to a service that is installed already (`external`): its caches, connections and TIME_WAITs go from one trial into the next, and its settings are as they are.",
    remedy: "Its manifest in place of `external`: the run then starts pods of its own for each trial.",
  },
  "conntrack-unknown": {
    meaning:
      "Enough connections were opened to fill the node's usual connection table, and whether it was full was not seen: dropped SYNs may be its doing.",
    remedy: "`observeNode: true`, or fewer connections a trial.",
  },
  "cpu-of-others-unknown": {
    meaning: "What other programs used of the CPUs was not measured: a difference may be theirs.",
    remedy: "`observeNode: true` in the cluster file.",
  },
  "cpu-taken-by-others": {
    meaning:
      "Programs that are no part of the run used over a tenth of the CPUs: rates may be too low and latencies too high, in this trial alone.",
    remedy: "A quiet machine, or more blocks.",
  },
  bursts: {
    meaning: "A load in bursts has no steady rate: how much is served a second depends on where the trial ended.",
    remedy: "Compare latency or failures, not rates.",
  },
  "ramp-not-over": {
    meaning: "The load ended in its ramp: there is no sustained rate.",
    remedy: "A shorter ramp, or a later stop.",
  },
  "nothing-after-ramp": {
    meaning: "The load ended with its ramp: what is measured after it is missing.",
    remedy: "A shorter ramp, or a later stop.",
  },
  "no-healthy-latency": {
    meaning: "No whole window of successes lies between ramp and wall: there is no latency of a well service.",
    remedy: "A lower rate, so that the wall comes later.",
  },
  "missing-sampler": {
    meaning: "One kind of sample is missing: what is told from it is not known, and is not zero.",
    remedy: null,
  },
  "cpu-time-not-sampled": { meaning: "CPU a request of that role is not known.", remedy: "A longer load." },
  "one-window": {
    meaning: "The number stands on half a second of load: its noise can't be told.",
    remedy: "A longer load, or a later wall.",
  },
  "coarse-histogram": {
    meaning: "Percentiles are read from buckets: smaller differences than a bucket's width are not seen.",
    remedy: null,
  },
  "dropped-iterations": {
    meaning:
      "Requests that were due were never sent: the latency that they would have had is missing, it is a lower bound.",
    remedy: "More virtual users if the target is quick; else a lower rate.",
  },
  "unanswered-users": {
    meaning: "Users were still waiting at the stop, longer than any answer took: percentiles leave them out.",
    remedy: null,
  },
  "all-disturbed": {
    meaning: "All of the trial was under conditions that do something on purpose: it has no rate of its own.",
    remedy: "Give it a condition without actions.",
  },
  "mixed-conditions": {
    meaning: "The trial's own numbers mix several conditions; each has its own in the conditions' table.",
    remedy: null,
  },
  relay: {
    meaning:
      "Requests to that part pass one program more, which delays or cuts them on purpose: in all profiles alike.",
    remedy: null,
  },
  "action-failed": {
    meaning: "Something that a condition should do was not done: its numbers are of a calm time.",
    remedy: null,
  },
  "action-skipped": {
    meaning: "The part was not running when the condition should act on it: nothing was done.",
    remedy: null,
  },
  "conditions-cut-short": {
    meaning: "The load ended before its conditions were over: later ones have no numbers.",
    remedy: "Stop criteria that come later.",
  },
  "search-not-confirmed": {
    meaning: "The rate was kept once: luck is not ruled out.",
    remedy: "More `steps`.",
  },
  "search-found-nothing": {
    meaning: "No rate was kept twice: the service does not meet its goals at any rate tried.",
    remedy: "Begin lower, or ask for less.",
  },
  "search-open-above": { meaning: "The rate found is a lower bound.", remedy: "More `steps`, or begin higher." },
  "search-not-precise": {
    meaning: "The rate lies between two that are further apart than was asked for.",
    remedy: "More `steps`.",
  },
  "search-contradicts-itself": {
    meaning: "A higher rate was kept and a lower one missed: the noise is larger than the search's steps.",
    remedy: "A quieter machine, a longer `hold`, a coarser precision.",
  },
  "search-generator-bound": {
    meaning: "The generator missed that rate, not the service: what the service can do there is not known.",
    remedy: "More virtual users, CPUs or runners.",
  },
  "search-disturbed": {
    meaning: "Others used the CPUs in some steps: the rate may be too low.",
    remedy: "A quiet machine.",
  },
  "not-here": {
    meaning: "This machine will refuse it; a run ends before its first trial.",
    remedy: "The words say what is missing.",
  },
  "not-in-a-cluster": { meaning: "A cluster will refuse it; a run there ends before its first trial.", remedy: null },
  "privileged-parts": {
    meaning:
      "Those parts run with every right inside their namespaces: their limits are not those of an ordinary user.",
    remedy: "Leave out `privileged: true` where the program does without.",
  },
  "ordinary-user-is-default": { meaning: "`ordinaryUser: true` says what holds anyway.", remedy: "Leave it out." },
  "script-options-replaced": {
    meaning: "How much load there is and how long is the suite's: these options of the script have no say in it.",
    remedy:
      "Say in the suite's `load` what they said; what is sent, by which scenario and with which env and tags, is the script's.",
  },
  "thresholds-not-evaluated": {
    meaning:
      "These thresholds of the script were not looked at: they ask for what the windows do not hold. The others are among the goals.",
    remedy: "Use a metric and a tag that are (docs/own-script.md), or a goal of the suite.",
  },
  "few-users-planned": {
    meaning:
      "The open model drops an iteration that finds no free user: with a script that sleeps, too few users are the limit and not the service.",
    remedy: "`virtualUsers: auto`, or rate times iteration time and half as many again.",
  },
  "closed-model": {
    meaning:
      "With Locust a user asks again only after it was answered: a stall of the target is seen by the few requests that were under way, and percentiles are too low (coordinated omission). The rate is met by more users, once a second. What could not be offered counts as dropped iterations.",
    remedy: "k6, for latency near the wall: it begins iterations by the clock.",
  },
  "own-load-shape": {
    meaning:
      "The locustfile has a load shape of its own, which is used as it is: what was asked is what its users came to. Walls and faults are told as ever, a rate that was not reached is not.",
    remedy: "Leave the shape out of the locustfile to have the suite's rate.",
  },
  "script-not-read": {
    meaning: "What the script's own options say, whether k6 takes them, and which files it opens is not known yet.",
    remedy: "Run it once, or name a k6 v2.",
  },
  "ports-of-the-suite": {
    meaning:
      "The suite has another port range than the kernel's: walls come sooner or later than in production, for the same reason.",
    remedy: "The kernel's own range for figures that are to be carried over.",
  },
  "stop-before-wall": {
    meaning: "The load ends before the arithmetic expects the wall: the trial would say nothing of it.",
    remedy: "A later stop, a higher rate, or a narrower range.",
  },
  "generator-ports-first": {
    meaning: "k6 would run out of its own ports first: the wall would be the generator's.",
    remedy: "Keep connections alive, or give the generator its own range and tcp_tw_reuse.",
  },
  "cliff-of-older-kernel": {
    meaning:
      "Before Linux 6.15 a connect() that finds few free ports looks for one under a lock and takes several times as long: the scan cliff lies elsewhere than on newer kernels, the hard wall does not.",
    remedy: "Measure on the kernel that production has; in a cluster by a profile's `nodeSelector`.",
  },
  "buckets-below-ports": {
    meaning: "TIME_WAITs would be destroyed for want of buckets before the ports run out: a fake win.",
    remedy: "Raise tcp_max_tw_buckets above the range.",
  },
  "default-buckets-below-ports": {
    meaning:
      "This machine's default of TIME_WAIT buckets, which goes by its memory, lies below the port range: the wall never comes.",
    remedy: "Set tcp_max_tw_buckets in the suite.",
  },
  "too-few-blocks-planned": {
    meaning: "So few blocks allow no verdict on a ratio, whatever comes out; walls that every block shows are told.",
    remedy: "More blocks, fewer profiles or measures.",
  },
  "no-early-look": { meaning: "The run can't end early.", remedy: null },
  "no-calm-condition": {
    meaning: "Those measures have no time without disturbance to be taken from.",
    remedy: "A condition without actions.",
  },
  "bursts-without-rate": { meaning: "A sustained rate can't be compared in bursts.", remedy: "Name other measures." },
  "load-ends-with-ramp": { meaning: "Nothing is measured in a ramp.", remedy: "A longer load." },
  "too-few-requests": {
    meaning: "That percentile would stand on too few requests.",
    remedy: "Load longer, or a lower percentile.",
  },
  "finer-than-buckets": { meaning: "The tolerance is finer than percentiles are known.", remedy: "A wider tolerance." },
  "search-hides-wall": {
    meaning: "Ports come back after 60 s; a rate held for less may be found though its wall comes later.",
    remedy: "`hold: 60s`.",
  },
  "too-few-steps": {
    meaning: "The search may end before it is as precise as asked.",
    remedy: "More `steps`, or begin nearer.",
  },
  "search-too-coarse": {
    meaning: "Same and not same can't be told apart.",
    remedy: "A finer precision, or a wider tolerance.",
  },
  "conditions-may-be-cut-short": {
    meaning: "A stop criterion may end the load before its conditions are over.",
    remedy: null,
  },
  "goal-in-bursts": { meaning: "That goal can't be judged in bursts.", remedy: "Another measure for the goal." },
  "goal-above-load": { meaning: "The goal is above what is asked for: it can't be kept.", remedy: "A higher rate." },
  "few-requests-for-goal": { meaning: "A few slow requests would decide the goal.", remedy: "Load longer." },
  "condition-too-short": { meaning: "It may have no numbers of its own.", remedy: "A longer condition." },
  "suite-not-copied-whole": {
    meaning: "The folder is too large to keep: files that the suite does not name are not part of the record.",
    remedy: "A folder of the suite's own.",
  },
  "files-added": {
    meaning:
      "The suite's folder holds files that it did not hold when the run, or the calibration that its noise is from, was begun: programs write where they run. Trials before and after may have found other files there.",
    remedy: "`ignore: [GLOB]` in the suite for what a program only writes; a new run where it reads them.",
  },
  "stale-calibration": {
    meaning: "Its noise is that of another machine, kernel or suite: it is not used.",
    remedy: "`tunebench calibrate`.",
  },
  "too-few-blocks": { meaning: "Effect sizes, but no significance.", remedy: "More blocks." },
  "run-not-complete": {
    meaning: "Some planned trials are missing: verdicts stand on those that are there.",
    remedy: "`tunebench resume`.",
  },
  "invalid-trials": {
    meaning: "Some trials did not work and are left out of all numbers.",
    remedy: "Their reasons say what to mend.",
  },
  "invalid-steps": {
    meaning: "Some steps of a search did not work and are left out.",
    remedy: "Their reasons say what to mend.",
  },
  "repeated-trials": {
    meaning:
      "Trials that others disturbed were made again; which one counts goes by the disturbance alone, never by what came out.",
    remedy: null,
  },
  "small-calibration": {
    meaning: "Too few pairs to know the noise by.",
    remedy: "`tunebench calibrate` with more blocks.",
  },
  "tolerance-below-noise": {
    meaning: "Identical profiles could not be called the same within that tolerance.",
    remedy: "More blocks, a wider tolerance, a quieter machine.",
  },
  "arms-at-the-same-time": {
    meaning:
      "A duet: both profiles were measured at once, so that the machine's noise met both. They also disturb each other: latencies are those beside the other build, a difference may show smaller than alone, and no capacity and no wall follow from it.",
    remedy: "Where a capacity is asked for: the same profiles without `design: duet`.",
  },
  "spread-changed": {
    meaning:
      "The median latency is the same within its tolerance and the quantiles above it moved: a part of the requests became slower or faster, such as one in ten that misses a cache. The median alone would have let it pass.",
    remedy: "Judge `latencyMs.p90` or `latencyMs.p99` too (`compare.measures`), or set a goal on it.",
  },
  "sequential-arms": {
    meaning: "Two runs one after the other: whatever drifted in between counts as a difference.",
    remedy: "Both builds as profiles of one run.",
  },
  "unreadable-trial": {
    meaning: "A stored trial can't be read and is left out.",
    remedy: "`tunebench resume` makes it again once it is deleted.",
  },
  "unsealed-records": {
    meaning:
      "Files without the checksum that the harness writes: changed by hand, or laid out by something else. The gate decides nothing on them.",
    remedy: "Run it again.",
  },
  "records-changed": {
    meaning: "Files were changed while the run went on: nothing that it says can be trusted.",
    remedy: "Run it again.",
  },
  "missing-trials": {
    meaning: "Planned trials are not there though the run is done: they were deleted.",
    remedy: "`tunebench resume`.",
  },
};
