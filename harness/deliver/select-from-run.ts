import { storyOf } from "../analysis/analyze.ts";
import { profileChanges } from "../analysis/changes.ts";
import { measuredTrials, type Story } from "../analysis/effects.ts";
import { winnerAmong } from "../analysis/winner.ts";
import { InputError } from "../core/errors.ts";
import { isTargetRole } from "../core/roles.ts";
import { reachOf } from "../knowledge/kubernetes.ts";
import { pinnedSettings } from "../knowledge/settings.ts";
import type { ProfileRecord, RunRecord } from "../results/run.ts";
import type { TrialRecord } from "../results/trial.ts";
import { checkedSetting } from "./checked-setting.ts";
import { code, codes } from "./code-spans.ts";
import { againstOf, againstWords, whyUseless } from "./kernels-own.ts";
import {
  aloneProfile,
  companyOf,
  effectOf,
  helpedWith,
  isFound,
  profileChanging,
  type SeenEffect,
  targetChange,
} from "./key-effects.ts";
import { objectName } from "./object-name.ts";
import { otherHalfOf } from "./other-half.ts";
import { withReservedPorts } from "./reserved-ports.ts";
import { minorOfRun, routeEvidence } from "./run-routes.ts";
import { assumedMinor, type DeliveredSetting, type Selection } from "./selection.ts";

/**
 * What of a measured profile is delivered: what it changes of its target's keys against the baseline, and of that what showed an
 * effect. A key that did nothing by itself stays where it is needed together with others. What the experiment sets under its baseline
 * too is its condition, and is not delivered; nor is what is no better than the kernel's own, which could only help against such a
 * condition. `asked`: the minor version of Kubernetes to deliver to; null = that of the run's cluster, where it had one.
 */
export function selectFromRun(run: RunRecord, trials: TrialRecord[], name: string, asked: number | null): Selection {
  const profile = run.profiles.find((one) => one.name === name);
  if (profile === undefined) throw new InputError(`no profile ${name} in run ${run.id}`);
  const story = storyOf(run, trials);
  const measuredOn = minorOfRun(story);
  const minor = asked ?? measuredOn ?? assumedMinor;
  const changed = changedSettings(story, profile).map(([key, value]) =>
    checkedSetting(key, [value], minor, aloneWords(story, name, key, value) ?? notAlone),
  );
  const against = (setting: DeliveredSetting) => againstOf(trials, { profile: name, baseline: run.baseline }, setting);
  const useless = changed.filter((setting) => whyUseless(against(setting)) !== null);
  const idle = withoutEffect(story, profile, without(changed, useless));
  const dropped = [...useless, ...idle];
  const kept = without(changed, dropped);
  const listeners = listenersOf(trials);
  const otherHalf = kept.length === 0 ? null : otherHalfOf(story, profile, kept);
  return {
    purpose: "rollout",
    subject: `profile ${code(name)} of run ${code(run.id)}`,
    name: objectName(run.suite, name),
    minor,
    isMeasuredOn: minor === measuredOn,
    origin: { kind: "run", id: run.id, profile: name, baseline: run.baseline },
    settings: withReservedPorts(kept, listeners, minor),
    conditions: conditionsOf(trials, name, changed),
    otherHalf,
    listeners,
    queueLimit: queueLimitOf(trials, name),
    leftOut: [
      ...useless.map((setting) => leftOut(setting, whyUseless(against(setting)) ?? "")),
      ...idle.map((setting) => leftOut(setting, whyDropped(story, name, setting.key, setting.value))),
    ],
    elsewhere: elsewhere(profile),
    evidence: [
      evidenceOf(story, profile),
      ...kept.flatMap((setting) => againstWords(against(setting)) ?? []),
      ...togetherWords(story, profile, kept),
      ...routeEvidence(story, name),
    ],
    beside: beside(story, changed, minor, trials),
    caveats: [...reducedCaveat(story, profile, dropped), ...pinnedCaveat(trials, name)],
  };
}

function leftOut({ key, value, values }: DeliveredSetting, why: string) {
  return { key, value, values, why };
}

function without(settings: DeliveredSetting[], gone: DeliveredSetting[]): DeliveredSetting[] {
  return settings.filter((setting) => !gone.includes(setting));
}

/** Of the profile's settings those that the baseline has not, or has otherwise. */
function changedSettings({ run }: Story, { sysctls }: ProfileRecord): [string, string][] {
  const before = run.profiles.find(({ name }) => name === run.baseline)?.sysctls.target ?? {};
  return Object.entries(sysctls.target ?? {}).filter(([key, value]) => before[key] !== value);
}

/** What the target had under this profile without being changed by it: the suite's own, and the baseline's (the trials say so). */
function conditionsOf(
  trials: TrialRecord[],
  name: string,
  changed: DeliveredSetting[],
): { key: string; value: string }[] {
  const readings = trials.find((trial) => trial.profile === name)?.sysctls ?? [];
  const asked = readings.filter(({ role, origin }) => isTargetRole(role) && origin === "profile");
  const isChanged = (key: string) => changed.some((setting) => setting.key === key);
  const all = asked.flatMap(({ key, asked: value }) => (value === null || isChanged(key) ? [] : [{ key, value }]));
  return [...new Map(all.map((condition) => [condition.key, condition])).values()];
}

/** Ports that the target was seen to listen on. */
function listenersOf(trials: TrialRecord[]): number[] {
  const ports = trials.flatMap(({ evidence }) => evidence.acceptQueues.map(({ port }) => port));
  return [...new Set(ports)].sort((a, b) => a - b);
}

/** The least of all trials, which each of them had. */
function queueLimitOf(trials: TrialRecord[], name: string): number | null {
  const queues = trials.filter(({ profile }) => profile === name).flatMap(({ evidence }) => evidence.acceptQueues);
  const limits = queues.flatMap(({ effectiveLimit }) => effectiveLimit ?? []);
  return limits.length === 0 ? null : Math.min(...limits);
}

function withoutEffect(story: Story, profile: ProfileRecord, settings: DeliveredSetting[]): DeliveredSetting[] {
  if (effectOf(story, profile.name) !== "helps") return settings;
  if (isFound(story, profile.name)) return [];
  const alone = ({ key, value }: DeliveredSetting): SeenEffect => {
    const own = aloneProfile(story, key, value);
    return own === null ? "undecided" : effectOf(story, own.name);
  };
  const changes = reduced(story, profile, []);
  const isIdle = (setting: DeliveredSetting) => ["nothing", "worse"].includes(alone(setting));
  const idle = settings.filter((one) => isIdle(one) && companyOf(story, changes, targetChange(one)) === null);
  const carried = settings.some((setting) => alone(setting) === "helps");
  const rest = profileChanging(story, reduced(story, profile, idle));
  const restHelps = rest !== null && effectOf(story, rest.name) === "helps";
  return carried || restHelps ? idle : [];
}

/** The profile's changes without those settings. */
function reduced({ run }: Story, profile: ProfileRecord, without: DeliveredSetting[]): Set<string> {
  const baseline = run.profiles.find(({ name }) => name === run.baseline) ?? profile;
  const gone = new Set(without.map(targetChange));
  return new Set([...profileChanges(profile, baseline)].filter((change) => !gone.has(change)));
}

function whyDropped(story: Story, name: string, key: string, value: string): string {
  return aloneWords(story, name, key, value) ?? `its profile ${code(name)} ${effectWords[effectOf(story, name)]}`;
}

/** Keys that did nothing alone and are needed together with others: an AND, which stays whole. */
function togetherWords(story: Story, profile: ProfileRecord, kept: DeliveredSetting[]): string[] {
  const changes = reduced(story, profile, []);
  return kept.flatMap((setting) => {
    const own = aloneProfile(story, setting.key, setting.value);
    const company =
      own === null || effectOf(story, own.name) === "helps" ? null : companyOf(story, changes, targetChange(setting));
    if (company === null) return [];
    const others = codes([...company].map((change) => change.replace(/^(target|env) /, "")));
    return [
      `${code(`${setting.key}=${setting.value}`)} helps only together with ${others}: neither does by itself. Deliver all of it, or nothing.`,
    ];
  });
}

function aloneWords(story: Story, name: string, key: string, value: string): string | null {
  const own = aloneProfile(story, key, value);
  if (own === null) return null;
  const who = own.name === name ? "this is all it changes" : `alone (${code(own.name)})`;
  return own.name === name
    ? `${effectWords[effectOf(story, own.name)]}; ${who}`
    : `${who} it ${effectWords[effectOf(story, own.name)]}`;
}

const notAlone = "**not measured alone**: it was with the others only, and may do nothing";

const effectWords: Record<SeenEffect, string> = {
  helps: "helped",
  nothing: "showed no effect",
  worse: "made things worse",
  undecided: "showed nothing sure",
};

function evidenceOf(story: Story, profile: ProfileRecord): string {
  const { run, blocksNeeded } = story;
  const { name } = profile;
  if (name === run.baseline) return `${code(name)} is what the run compares with: of itself it shows no effect.`;
  const blocks = story.profiles.find((profile) => profile.name === name);
  const measured = blocks === undefined ? 0 : measuredTrials(blocks);
  const effect = effectOf(story, name);
  const few = measured < blocksNeeded ? ` A verdict on a ratio needs ${blocksNeeded}.` : "";
  const lead = `In ${measured} measured ${measured === 1 ? "trial" : "trials"} ${code(name)} ${effectWords[effect]} against ${code(run.baseline)}.${few}`;
  if (effect === "helps") return lead;
  const supersets = helpedWith(story, reduced(story, profile, []));
  const together = supersets.length === 0 ? "" : ` Together with other changes it helped: ${codes(supersets)}.`;
  return `**The run does not show that this profile helps.** ${lead}${together}`;
}

function elsewhere({ sysctls, env, upstreamEnv, command, rps, load }: ProfileRecord): string[] {
  const roles = Object.entries(sysctls).filter(([role]) => !isTargetRole(role));
  const others = roles.map(([role, settings]) => {
    const what = codes(Object.entries(settings).map(([key, value]) => `${key}=${value}`));
    const whose = role === "generator" ? "the load generator's; production has none" : `upstream ${code(role)}'s`;
    return `${what}: ${whose}. It is no setting of the target's pods.`;
  });
  const names = (values: Record<string, unknown>) => codes(Object.keys(values));
  return [
    ...others,
    ...(Object.keys(env).length === 0
      ? []
      : [`The target's environment (${names(env)}): it goes into your own manifest.`]),
    ...(Object.keys(upstreamEnv).length === 0 ? [] : [`The environment of upstreams (${names(upstreamEnv)}).`]),
    ...(command === null ? [] : [`The target's command ${code(command.join(" "))}: another build or other arguments.`]),
    ...(rps === null
      ? []
      : [`Receive packet steering (mask ${code(rps)}): a setting of the node's interface, not a sysctl of a pod.`]),
    ...(Object.keys(load).length === 0 ? [] : ["The load, which only the experiment has."]),
  ];
}

/** What can be had without touching a node, where this profile can't. */
function beside(story: Story, settings: DeliveredSetting[], minor: number, trials: TrialRecord[]): string | null {
  if (settings.every(({ reach }) => reach.kind === "safe")) return null;
  const isSafe = (record: ProfileRecord | undefined) => {
    const target = Object.entries(record?.sysctls.target ?? {});
    const names = { profile: record?.name ?? "", baseline: story.run.baseline };
    const changes = target.filter(([key, value]) => whyUseless(againstOf(trials, names, { key, value })) === null);
    return changes.length > 0 && target.every(([key]) => reachOf(key, minor).kind === "safe");
  };
  const recordOf = (name: string) => story.run.profiles.find((profile) => profile.name === name);
  if (!story.run.profiles.some(isSafe))
    return "No profile made of safe keys only was in the run: whether one would do is not known.";
  const best = winnerAmong(story, ({ name }) => isSafe(recordOf(name)));
  if (best === null)
    return "Of the profiles made of safe keys only, which need no change of nodes, none did better than the baseline.";
  const keys = Object.entries(recordOf(best.name)?.sysctls.target ?? {}).map(([key, value]) => `${key}=${value}`);
  return `Beside it: the best profile made of safe keys only is ${code(best.name)} (${codes(keys)}), which needs no change of nodes: \`tunebench deliver\` it with \`--profile\` ${code(best.name)}. Compare the two in the report.`;
}

function reducedCaveat(story: Story, profile: ProfileRecord, dropped: DeliveredSetting[]): string[] {
  const changes = reduced(story, profile, dropped);
  if (dropped.length === 0 || changes.size === 0) return [];
  const measured = profileChanging(story, changes);
  if (measured !== null) return [`What is left is profile ${code(measured.name)}, which was measured too.`];
  return [`What is left after ${codes(dropped.map(({ key }) => key))} was not measured as a profile of its own.`];
}

/** The harness fixes what follows from a machine's memory; the nodes have their own. */
function pinnedCaveat(trials: TrialRecord[], name: string): string[] {
  const readings = trials.find(({ profile }) => profile === name)?.sysctls ?? [];
  const pinned = readings.filter(
    ({ role, origin, key }) => isTargetRole(role) && origin === "pinned" && key in pinnedSettings,
  );
  return pinned.length === 0
    ? []
    : [
        `The trials had ${codes(pinned.map(({ key, asked }) => `${key}=${asked}`))} fixed by the harness; on the nodes it follows from their memory, and is not delivered.`,
      ];
}
