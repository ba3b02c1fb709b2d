import * as z from "zod";
import {
  externalAllowed,
  externalPattern,
  parseExternal,
  parseService,
  serviceAllowed,
  servicePattern,
} from "./external-address.ts";
import { targetRule, upstreamRule } from "./json-schema-rules.ts";
import { container, withContainer } from "./schema-container.ts";
import {
  command,
  cpus,
  duration,
  env,
  form,
  line,
  list,
  map,
  orElse,
  quantity,
  rivalForm,
  rps,
  sysctls,
  text,
  unknownKey,
  wholeNumber,
} from "./schema-forms.ts";
import { kubernetes } from "./schema-kubernetes.ts";

/** Schema of the programs of an experiment: target and upstreams. */

const within = duration.prefault("10s").describe("How long it may take to get ready.");
const httpPath = text("a path that begins with /, such as /healthz", /^\/[\x21-\x7e]{0,1000}$/);

const readyAllowed = "a map with http: /path, tcp: true, log: text or exec: [pg_isready], and within: 10s";
const checks = ["http", "tcp", "log", "exec"];

function readyForm<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return rivalForm(readyAllowed, { ...shape, within }, (key) =>
    checks.includes(key)
      ? `${key} can't stand beside another check; use one of http, tcp, log and exec`
      : unknownKey(key, [...checks, "within"]),
  );
}

const listening = readyForm({
  tcp: z.literal(true, { error: "true" }).default(true).describe("Ready once the port accepts a connection."),
});
const answering = readyForm({ http: httpPath.describe("Ready once GET on this path answers 2xx.") });
const logging = readyForm({
  log: line("text of the line that says the program is ready").describe("Ready once a line of output has this text."),
});
const examined = readyForm({
  exec: command.describe("Of a container: ready once this command, run inside, ends with 0."),
});

type Check =
  | { kind: "http"; path: string }
  | { kind: "tcp" }
  | { kind: "log"; text: string }
  | { kind: "exec"; command: string[] };

const ready = z
  .union([listening, answering, logging, examined], { error: readyAllowed })
  .transform((form): { check: Check; withinMs: number } => {
    const withinMs = form.within;
    if ("http" in form) return { check: { kind: "http", path: form.http }, withinMs };
    if ("log" in form) return { check: { kind: "log", text: form.log }, withinMs };
    if ("exec" in form) return { check: { kind: "exec", command: form.exec }, withinMs };
    return { check: { kind: "tcp" }, withinMs };
  })
  .prefault({ tcp: true })
  .describe("How the part proves that it can be used.");

export const port = wholeNumber("a port, a whole number from 1 to 65535", 1, 65_535).describe(
  "TCP port on which the part listens.",
);

const writableAllowed = "a list of folders: [/var/lib/nginx]";
/** Nothing above all that a program needs, and nothing of the kernel's. */
const writablePath = text(
  "the path of a folder, from / on, outside /proc, /sys and /dev: /var/lib/nginx",
  /^(?!\/(?:proc|sys|dev)(?:\/|$))(?:\/(?!\.{1,2}(?:\/|$))[^/\p{Cc}]+)+$/u,
);

/** Values of command and env may hold references (interpolate.ts). */
const part = {
  command: orElse(command, []).describe(
    `Program and arguments, run in the suite's folder; may be left out where \`kubernetes\` says what runs in a cluster; beside \`image\` in place of the image's own command. May hold \${upstreams.NAME.host|port|address}, \${target.host|port|address}, \${folder}, \${data}, \${env.NAME} (the caller's environment, never stored); $\${ is a literal \${.`,
  ),
  ready,
  env: env.default({}).describe("Environment variables; values may hold the same references as command."),
  sysctls: sysctls.default({}).describe("Settings of the part's namespace in every profile."),
  cpus: orElse(cpus, null).describe('CPUs the part is pinned to: "0", "0-1". Default: any.'),
  privileged: z
    .boolean({ error: "true or false" })
    .default(false)
    .describe(
      "Run as what looks like root, with all capabilities. Default: an ordinary user without any (the one behind sudo, else the owner of the suite's folder, else nobody).",
    ),
  ordinaryUser: z
    .literal(true, { error: "true, or nothing: every part is an ordinary user (privileged: true is the other way)" })
    .optional()
    .describe("What every part is now: leave it out."),
  writable: orElse(list(writableAllowed, writablePath, 16), []).describe(
    "Folders that are empty and the part's own while a trial lasts, where its program insists on them: /var/lib/nginx. Of a container: anonymous volumes.",
  ),
  ...container,
  rps: orElse(rps, null).describe(
    "Receive packet steering: hex mask of CPUs for the interface of the part. Default: left at 0.",
  ),
  kubernetes: orElse(kubernetes, null),
};

const upstreamName = text(
  "lower-case letters, digits and -, beginning with a letter or digit, at most 63; not generator, target or target-2, which are roles of their own",
  /^(?!(?:generator|target(?:-\d+)?)$)[a-z0-9][a-z0-9-]{0,62}$/,
);

const external = orElse(quantity(externalAllowed, externalPattern, parseExternal), null);

const installed = orElse(quantity(serviceAllowed, servicePattern, parseService), null);

const partAllowed = "a map with command or image, and port";
/** One copy each: what is dialled has one address. Without a port (checks-parts.ts) it has none here either. */
const upstream = form(
  partAllowed,
  {
    ...part,
    port: port.optional(),
    external: external.describe(
      "In place of all else: host:port of a service that is there already and never started. In clusters only.",
    ),
  },
  (key) => (key === "replicas" ? "an upstream is one program; only the target can have replicas" : null),
)
  .meta(upstreamRule)
  .transform(({ port, ...upstream }) => ({
    ...withContainer(upstream),
    port: upstream.external?.port ?? port ?? Number.NaN,
    replicas: 1,
  }));
export const target = form(partAllowed, {
  ...part,
  port: port.optional(),
  external: installed.describe(
    "In place of all else, with `observe: pods`: a Service of the cluster that is installed already. It gets the load, and nothing of it is changed.",
  ),
  observe: z
    .literal("pods", { error: "pods" })
    .optional()
    .describe(
      "How an external target is watched: by a container that is put into each of its pods, reads /proc there, and ends by itself.",
    ),
  replicas: wholeNumber("a whole number from 1 to 16", 1, 16)
    .default(1)
    .describe("Copies of the target, each in a namespace of its own; the load goes to all of them."),
})
  .meta(targetRule)
  .transform(
    ({ port, observe, ...target }): z.output<typeof upstream> => ({
      ...withContainer(target),
      port: target.external?.port ?? port ?? Number.NaN,
    }),
  )
  .describe("The service under test.");
export const upstreams = map(
  "a map of upstreams: NAME: {command, port}, {image, port} or {external}",
  upstreamName,
  upstream,
).describe("Services that the target calls, each in a namespace of its own, or external.");
export const generator = form("a map with sysctls or cpus", {
  sysctls: sysctls.default({}).describe("Settings of the load generator's namespace in every profile."),
  cpus: orElse(cpus, null).describe("CPUs the load generator is pinned to. Default: any."),
}).describe("The namespace that the load comes from.");
