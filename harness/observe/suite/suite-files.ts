import { grouped } from "../../core/numbers.ts";
import { isSecretName, redacted, redactedCommand, redactedValue } from "../../core/secrets.ts";
import { escaped } from "../../core/text.ts";
import { isKnownPrivate, sysctlKeyProblem } from "../../knowledge/keys.ts";
import { loadScript } from "./load-script.ts";
import type { ProgramSeen, ServiceSeen } from "./service.ts";
import { type Destination, isReused } from "./traffic.ts";
import { comment, flow, scalar } from "./yaml-words.ts";

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

/** A destination with the name that it has in the suite. */
interface Upstream extends Destination {
  upstream: string;
}

function upstreamsOf(destinations: readonly Destination[]): Upstream[] {
  const taken = new Set<string>();
  return destinations.map((destination) => {
    const base = labelOf(nameOf(destination));
    const upstream =
      Array.from({ length: destinations.length }, (_, n) => (n === 0 ? base : `${base}-${n + 1}`)).find(
        (name) => !taken.has(name),
      ) ?? base;
    taken.add(upstream);
    return { ...destination, upstream };
  });
}

/** "Service shop/db" -> db; without a name by what usually listens there. */
function nameOf({ name, port }: Destination): string {
  return name === null ? (usualPorts[port] ?? `port-${port}`) : (name.split("/").at(-1) ?? name);
}

const usualPorts: Record<number, string> = {
  ...{ 80: "http", 443: "https", 3306: "mysql", 5432: "postgres", 6379: "redis", 8080: "http", 9092: "kafka" },
  ...{ 11211: "memcached", 27017: "mongodb", 5672: "amqp", 9200: "elasticsearch", 2379: "etcd", 53: "dns" },
};

/** A DNS label of at most 40 characters, and no role's name. */
export function labelOf(text: string): string {
  const words = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .slice(0, 40)
    .replace(/^-+|-+$/g, "");
  return /^(|generator|target(-\d+)?)$/.test(words) ? `service-${words}`.replace(/-$/, "") : words;
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

function targetLines(service: ServiceSeen, upstreams: Upstream[]): string[] {
  const { what, port, traffic } = service;
  const others = traffic.listeners.filter((one) => one !== port);
  return [
    ...(what.kind === "program"
      ? programLines(what)
      : [`kubernetes: { manifest: pod.yaml, container: ${scalar(what.container)} }`]),
    ...(port === null ? comment("It was not seen to listen: this port is a guess.") : []),
    `port: ${port ?? 8080}${others.length === 0 || others.length > 6 ? "" : ` # others in its network: ${others.join(", ")}`}`,
    "ready: { tcp: true, within: 30s }",
    ...environmentLines(what.env, what.kind === "program" ? what.shared : [], upstreams),
    ...settingLines(service),
  ];
}

function programLines({ command, rewritten, folder, image }: ProgramSeen): string[] {
  const whole = !rewritten && command.every(isLine);
  return [
    ...comment(`It ran in ${escaped(folder)}.`),
    ...(whole ? [] : comment(argumentsWords[rewritten ? "rewritten" : "unwritable"])),
    ...(image === null
      ? []
      : comment(
          `It ran in a container of the image ${escaped(image)}: here its program is started as it is on this machine.`,
        )),
    `command: ${flow(redactedArguments(whole ? command : command.slice(0, 1)))}`,
  ];
}

const argumentsWords = {
  rewritten: "It has rewritten its arguments, so only the program is known: add them.",
  unwritable: "Its arguments can't stand in a suite (line breaks): put them into a file of this folder, and add that.",
};

/** A suite's words and values are single lines. */
function isLine(text: string): boolean {
  return text !== "" && !/[\p{Cc}\u2028\u2029]/u.test(text) && text.isWellFormed();
}

/** A secret's place is a reference to a variable of whoever runs the suite, which is never stored. */
function redactedArguments(command: readonly string[]): string[] {
  return redactedCommand(command).map((word, at) => {
    const original = command[at] ?? "";
    if (word === original) return escapeReferences(word);
    return escapeReferences(word).replaceAll(redacted, `\${env.${variableFor(command[at - 1] ?? "", original)}}`);
  });
}

/** `--db-password=x` and `--db-password x` -> DB_PASSWORD. */
function variableFor(before: string, word: string): string {
  const option = word.includes("=") ? word.slice(0, word.indexOf("=")) : before;
  const name = option
    .replace(/^-+/, "")
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
  return /^[A-Z_]/.test(name) ? name : `SECRET_${name}`.replace(/_$/, "");
}

function escapeReferences(text: string): string {
  return text.replaceAll("${", () => "$${");
}

/** Variables that say where upstreams are point at the stand-ins; secrets come from whoever runs the suite. */
function environmentLines(env: Record<string, string> | null, shared: string[], upstreams: Upstream[]): string[] {
  if (env === null)
    return [...comment("Its environment could not be read: add what it needs."), ...unreachedWords(upstreams, [])];
  const tells = (name: string, value: string) =>
    !shared.includes(name) || isSecretName(name) || upstreams.some((upstream) => pointsAt(name, value, env, upstream));
  const all = Object.entries(env).filter(([name, value]) => !isAmbient(name) && tells(name, value));
  const own = all.filter(
    ([name, value]) => /^[A-Za-z_][A-Za-z0-9_]{0,199}$/.test(name) && (value === "" || isLine(value)),
  );
  const leftOut = all.length - own.length;
  const lines = own.map(([name, value]) => {
    if (isSecretName(name))
      return `${scalar(name)}: ${scalar(`\${env.${name}}`)} # a secret: set it where you run tunebench`;
    const shown = redactedValue(name, value);
    const pointed = pointedAt(name, shown, env, upstreams) ?? escapeReferences(shown);
    if (shown === value) return `${scalar(name)}: ${scalar(pointed)}`;
    const password = `${name}_PASSWORD`;
    return `${scalar(name)}: ${scalar(pointed.replaceAll(redacted, `\${env.${password}}`))} # ${password} is a secret: set it where you run tunebench`;
  });
  const reached = upstreams.filter((upstream) => own.some(([name, value]) => pointsAt(name, value, env, upstream)));
  const words = unreachedWords(upstreams, reached);
  const left = leftOut === 0 ? [] : comment(`Variables that a suite can't hold were left out: ${grouped(leftOut)}.`);
  return [...(lines.length === 0 ? [] : ["env:", ...indented(lines)]), ...left, ...words];
}

function unreachedWords(upstreams: Upstream[], reached: Upstream[]): string[] {
  return upstreams
    .filter((upstream) => !reached.includes(upstream))
    .flatMap(({ upstream, address, port }) =>
      comment(
        `No variable says where ${address}:${port} is: give it \${upstreams.${upstream}.host} and \${upstreams.${upstream}.port} in command or env.`,
      ),
    );
}

/** A value with an upstream's place in it, by references to the stand-in; null where it has none. */
function pointedAt(name: string, value: string, env: Record<string, string>, upstreams: Upstream[]): string | null {
  const upstream = upstreams.find((one) => pointsAt(name, value, env, one));
  if (upstream === undefined) return null;
  const [host, port] = [`\${upstreams.${upstream.upstream}.host}`, `\${upstreams.${upstream.upstream}.port}`];
  if (value === String(upstream.port)) return port;
  const written = hostsOf(upstream).find((one) => value.includes(one)) ?? upstream.address;
  return escapeReferences(value).replaceAll(`${written}:${upstream.port}`, `${host}:${port}`).replaceAll(written, host);
}

/** Its address or name is in the value, or it is its port beside a variable that has one: DB_HOST, DB_PORT. */
function pointsAt(name: string, value: string, env: Record<string, string>, upstream: Upstream): boolean {
  if (hostsOf(upstream).some((host) => holdsHost(value, host))) return true;
  const stem = name.replace(/_?PORT$/i, "");
  if (stem === name || value !== String(upstream.port)) return false;
  return Object.entries(env).some(
    ([other, host]) =>
      other !== name && other.startsWith(stem) && hostsOf(upstream).some((one) => holdsHost(host, one)),
  );
}

function holdsHost(value: string, host: string): boolean {
  const at = value.indexOf(host);
  return at >= 0 && !/[\w.-]/.test(value[at - 1] ?? " ") && !/[\w-]/.test(value[at + host.length] ?? " ");
}

/** How a variable may write an upstream's host, the longest first: its address, and for the loopback and Services their names. */
function hostsOf({ address, name }: Destination): string[] {
  const loopback = address === "::1" || address.startsWith("127.") ? ["localhost"] : [];
  const [, namespace, service] = /^Service ([^/]+)\/(.+)$/.exec(name ?? "") ?? [];
  const services =
    service === undefined
      ? []
      : [
          `${service}.${namespace}.svc.cluster.local`,
          `${service}.${namespace}.svc`,
          `${service}.${namespace}`,
          service,
        ];
  return [address, ...loopback, ...services];
}

/** What a login, a service manager or Kubernetes puts into each environment; a part gets PORT, HOME and PATH of its own. */
function isAmbient(name: string): boolean {
  return (
    /^(HOME|USER|LOGNAME|SHELL|PWD|OLDPWD|TERM|COLORTERM|LANG|LANGUAGE|SHLVL|_|HOSTNAME|MAIL|EDITOR|PAGER|LS_COLORS|DISPLAY|TMPDIR|PATH|PORT)$/.test(
      name,
    ) ||
    /^(LC_|XDG_|SSH_|SUDO_|DBUS_|JOURNAL_|NOTIFY_|LISTEN_|INVOCATION_|SYSTEMD_|KUBERNETES_|TUNEBENCH_|npm_)/.test(
      name,
    ) ||
    /_(SERVICE_(HOST|PORT)(_[A-Z0-9_]+)?|PORT_\d+_(TCP|UDP)(_[A-Z]+)?)$/.test(name)
  );
}

/** As found, those that a namespace may have. */
function settingLines({ settings }: ServiceSeen): string[] {
  const own = settings.filter(({ key }) => sysctlKeyProblem(key) === null && isKnownPrivate(key));
  if (own.length === 0) return [];
  return [
    "sysctls: # as found, where it is not the kernel's default",
    ...indented(own.map(({ key, value }) => `${key}: ${scalar(value)}`)),
  ];
}

function upstreamLines(upstreams: Upstream[], leftOut: number): string[] {
  if (upstreams.length === 0) return [];
  return [
    ...comment(
      "Stand-ins: they take connections and answer HTTP, so that ports and queues behave; what speaks another protocol needs its own program as `command`. In a cluster `external: HOST:PORT` is the real one, which then gets the load.",
    ),
    "upstreams:",
    ...indented(upstreams.flatMap(upstreamPart)),
    ...(leftOut === 0 ? [] : comment(`${grouped(leftOut)} more destinations were seen, with fewer connections.`)),
    "",
  ];
}

function upstreamPart(upstream: Upstream): string[] {
  const { upstream: name, address, port } = upstream;
  const called = upstream.name === null ? "" : `${escaped(upstream.name)}, `;
  return [
    ...comment(`${called}${address}:${port}: ${flowWords(upstream)}`),
    `${name}: { command: [node, stand-in.mjs], port: ${port}, kubernetes: { files: [stand-in.mjs] } }`,
  ];
}

/** "12 new connections a second, 3 open: kept and used again" */
function flowWords(one: Pick<Destination, "openedPerSecond"> & { open: number | null }): string {
  const opened = one.openedPerSecond === null ? "" : `${grouped(one.openedPerSecond, 1)} new connections a second, `;
  return `${opened}${grouped(one.open ?? 0)} open${isReused(one) ? ": they are kept, and used again" : ""}`;
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

function indented(lines: string[]): string[] {
  return lines.map((line) => `  ${line}`);
}
