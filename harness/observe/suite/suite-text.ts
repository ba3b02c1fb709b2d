import { grouped } from "../../core/numbers.ts";
import { escaped } from "../../core/text.ts";
import { loadScript } from "./load-script.ts";
import type { ServiceSeen } from "./service.ts";
import { targetLines } from "./target.ts";
import { isReused } from "./traffic.ts";
import { flowWords, labelOf, type Upstream, upstreamLines, upstreamsOf } from "./upstreams.ts";
import { comment, indented, scalar } from "./yaml-words.ts";

/** Files of a suite, by their names in its folder. */
export type SuiteFiles = Record<string, string>;

/** Upstreams beyond so many are named, and left to whoever reads it: a namespace of its own for each. */
const mostUpstreams = 8;

/**
 * A suite that would reproduce what was seen: the service's own command, what it dials as stand-ins, its settings as found, and a load of as many
 * new connections a second. What is guessed is said in a comment. Pure; `standIn` is the program that stands in for what is dialled.
 */
export function suiteFilesOf(service: ServiceSeen, standIn: string): SuiteFiles {
  const upstreams = upstreamsOf(service.traffic.destinations.slice(0, mostUpstreams));
  return {
    "suite.yaml": suiteText(service, upstreams),
    "load.ts": loadScript(service),
    ...(upstreams.length === 0 ? {} : { "stand-in.mjs": standIn }),
    ...(service.what.kind === "pod" ? { "pod.yaml": service.what.manifest } : {}),
  };
}

function suiteText(service: ServiceSeen, upstreams: Upstream[]): string {
  const { what, traffic } = service;
  return [
    "# yaml-language-server: $schema=./suite.schema.json",
    ...comment(headWords(service)),
    `name: ${scalar(labelOf(service.name))}`,
    ...(what.kind === "pod" && what.cluster !== null ? [`cluster: ${scalar(what.cluster)}`] : []),
    "",
    "target:",
    ...indented(targetLines(service, upstreams)),
    "",
    ...upstreamLines(upstreams, traffic.destinations.length - upstreams.length),
    ...loadLines(service),
    "stop: { after: 20s, saturated: { windows: 20 } }",
    "",
    ...comment("Add what you want to compare: settings, or another build; `tunebench find` looks by itself."),
    "profiles:",
    "  baseline: {}",
    "",
  ].join("\n");
}

function headWords({ subject, looked }: ServiceSeen): string {
  const others =
    looked.others === 0
      ? ""
      : ` Its network is shared with ${grouped(looked.others)} other processes, whose connections are counted with its own.`;
  return `What ${escaped(subject)} was seen to do in ${grouped(looked.seconds, 0)} s, as a suite.${others} What is a guess is said beside it.`;
}

function loadLines(service: ServiceSeen): string[] {
  const { incoming } = service.traffic;
  const reused = isReused(incoming);
  const perSecond = Math.round(incoming.openedPerSecond ?? 0);
  const isGuess = reused || perSecond < 1;
  const words = `Seen to come in: ${flowWords(incoming)}.`;
  const why = isGuess
    ? " Requests are not seen from outside the program, so the rate is a guess: put in what you know of it."
    : "";
  return [
    ...comment(`${words}${why}`),
    "load:",
    ...indented([
      "script: load.ts",
      `rate: ${isGuess ? Math.max(guessedRate(service), 1) : perSecond}/s`,
      `keepConnections: ${reused}`,
    ]),
    "",
  ];
}

/** As many requests as the service dials, where it does; else few. */
function guessedRate({ traffic: { destinations, incoming } }: ServiceSeen): number {
  const dialled = destinations.reduce((sum, { openedPerSecond }) => sum + (openedPerSecond ?? 0), 0);
  return Math.round(Math.max(dialled, incoming.openedPerSecond ?? 0, 10));
}
