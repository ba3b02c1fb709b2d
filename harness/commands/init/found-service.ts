import { dashed } from "../../core/text.ts";

/** A service as init found it: each fact with the words that stand beside it in the suite, where it was guessed or what it was found by. */
export interface FoundService {
  /** Of the suite. */
  name: string;
  target: FoundPart;
  upstreams: Record<string, FoundPart>;
  /** What it dials and nothing is known of, each a line of a comment. */
  dialled: string[];
  /** Path that the script asks for. */
  path: string;
  /** Files to be written beside the suite, by name. */
  files: Record<string, string>;
}

/** A part in the suite's own words, but for its readiness. */
export interface FoundPart {
  command: string[] | null;
  kubernetes: object | null;
  image?: { name: string; note: string };
  /** In place of all else: the compose file that it is a service of, and ports of its services that the file does not say. */
  compose?: { file: string; target: string; note: string; ports: Record<string, Detected<number>>; started: string };
  port: Detected<number>;
  /** null: once the port takes a connection. */
  httpPath: Detected<string | null>;
  /** By which it takes its upstreams' addresses; left out: by none. */
  env?: Detected<Record<string, string>>;
  /** In place of the path: as the suite has it. */
  ready?: Detected<object> | null;
}

export interface Detected<Value> {
  value: Value;
  /** "found: it listened there"; null where nothing needs to be said. */
  note: string | null;
}

/** The suite that is written for a service; every line of it may be changed, and what was guessed says so. */
export function suiteText({ name, target, upstreams, dialled }: FoundService): string {
  const others = Object.entries(upstreams).flatMap(([role, part]) => [`  ${role}:`, ...partLines(part, "    ", "60s")]);
  const lines = [
    "# yaml-language-server: $schema=./suite.schema.json",
    `name: ${name}`,
    ...(target.compose === undefined ? ["target:", ...partLines(target, "  ")] : composeLines(target.compose)),
    ...(others.length === 0 ? [] : ["upstreams:", ...others]),
    ...(dialled.length === 0 ? [] : upstreamComment(dialled)),
    "load:",
    "  script: load.ts",
    "  rate: 50/s # guessed: raise it until the service breaks, or can't keep up",
    "stop:",
    "  after: 20s",
    "  saturated: { windows: 10 }",
    "# Without profiles the baseline alone is run. With them each is compared with it:",
    "# profiles:",
    "#   baseline: {}",
    "#   backlog: { net.core.somaxconn: 65535 }",
    "# blocks: 6",
  ];
  return `${lines.join("\n")}\n`;
}

function composeLines({ file, target, note, ports, started }: NonNullable<FoundPart["compose"]>): string[] {
  const said = Object.entries(ports);
  return [
    "compose:",
    `  file: ${JSON.stringify(file)}`,
    `  target: ${JSON.stringify(target)}${comment(`${note}; ${started}`)}`,
    ...(said.length === 0 ? [] : ["  ports:"]),
    ...said.map(([name, { value, note }]) => `    ${JSON.stringify(name)}: ${value}${comment(note)}`),
  ];
}

function partLines(
  { command, kubernetes, image, port, httpPath, ready: own, env }: FoundPart,
  indent: string,
  within = "20s",
): string[] {
  const check = own?.value ?? (httpPath.value === null ? {} : { http: httpPath.value });
  const inside = Object.entries(check).map(([key, value]) => `${key}: ${JSON.stringify(value)}, `);
  const ready = `{ ${inside.join("")}within: ${within} }`;
  return [
    ...(image === undefined ? [] : [`image: ${JSON.stringify(image.name)}${comment(image.note)}`]),
    ...(command === null ? [] : [`command: ${JSON.stringify(command)}`]),
    `port: ${port.value}${comment(port.note)}`,
    `ready: ${ready}${comment(own?.note ?? httpPath.note)}`,
    ...(env === undefined ? [] : [`env:${comment(env.note)}`, ...Object.entries(env.value).map(variableLine)]),
    ...(kubernetes === null ? [] : [`kubernetes: ${JSON.stringify(kubernetes)}`]),
  ].map((line) => `${indent}${line}`);
}

function variableLine([name, value]: [string, string]): string {
  return `  ${name}: ${JSON.stringify(value)}`;
}

function comment(note: string | null): string {
  return note === null ? "" : ` # ${oneLine(note)}`;
}

function upstreamComment(dialled: string[]): string[] {
  return [
    "# It dialled these when it was started. Each trial gives it fresh ones, in namespaces of their own: say what runs there, and hand the",
    "# address over in the target's env, as the service reads it:",
    `#   env: { DB_HOST: "\${upstreams.db.host}", DB_PORT: "\${upstreams.db.port}" }`,
    "# upstreams:",
    ...dialled.map((line) => `#   ${oneLine(line)}`),
  ];
}

/** What a program or a manifest says must not begin a line of its own. */
function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ");
}

/** A k6 script that asks for one page, to be changed. */
export function scriptText(path: string): string {
  return [
    'import { check } from "k6";',
    'import http from "k6/http";',
    "",
    "// TARGET_URL is where the target listens. The suite says the rate: a script needs no options.",
    "export default function () {",
    `  const response = http.get(\`\${__ENV.TARGET_URL}${path.replace(/[\\`$]/g, "\\$&")}\`);`,
    '  check(response, { "status is 200": ({ status }) => status === 200 });',
    "}",
    "",
  ].join("\n");
}

/** A suite's name of a folder, a program or a workload. */
export function suiteName(text: string): string {
  const name = dashed(text).slice(0, 63);
  return name === "" ? "my-service" : name;
}
