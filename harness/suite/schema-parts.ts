import { z } from "zod";
import {
  command,
  cpus,
  duration,
  env,
  form,
  line,
  map,
  rps,
  sysctls,
  text,
  unknownKey,
  wholeNumber,
} from "./schema-forms.ts";

/** Schema of the programs of an experiment: target and upstreams. */

const within = duration
  .optional()
  .meta({ description: "How long it may take to get ready, such as 10s (the default)." });
const httpPath = text("a path that begins with /, such as /healthz", /^\/[\x21-\x7e]{0,1000}$/);

const readyAllowed = "a map with http: /path, tcp: true or log: text, and within: 10s";
const checks = ["http", "tcp", "log"];

function readyForm<Shape extends z.core.$ZodLooseShape>(shape: Shape) {
  return form(readyAllowed, { ...shape, within }, (key) =>
    checks.includes(key)
      ? `${key} can't stand beside another check; use one of http, tcp and log`
      : unknownKey(key, [...checks, "within"]),
  );
}

const ready = z.union(
  [
    readyForm({
      tcp: z
        .literal(true, { error: "true" })
        .optional()
        .meta({ description: "Ready once the port accepts a connection (the default)." }),
    }),
    readyForm({ http: httpPath.meta({ description: "Ready once GET on this path answers 2xx." }) }),
    readyForm({
      log: line("text of the line that says the program is ready").meta({
        description: "Ready once a line of output has this text.",
      }),
    }),
  ],
  { error: readyAllowed },
);

const kubernetesForms = "{manifest: k8s.yaml} or {image: NAME, command: [...]}";
const kubernetes = z
  .union(
    [
      form(kubernetesForms, { manifest: line("the manifest's file in the suite's folder") }),
      form(kubernetesForms, { image: line("a container image"), command: command.optional() }),
    ],
    { error: kubernetesForms },
  )
  .meta({ description: "The same part in a cluster. Checked, and not used where parts run in local namespaces." });

const portAllowed = "a port, a whole number from 1 to 65535";

const part = {
  command: command.meta({
    description: `Program and arguments, run in the suite's folder. May hold \${upstreams.NAME.host|port|address}, \${target.host|port|address}, \${folder}, \${data}; $\${ is a literal \${.`,
  }),
  port: wholeNumber(portAllowed, 1, 65_535).meta({ description: "TCP port on which the part listens." }),
  ready: ready.optional().meta({ description: "How the part proves that it can be used." }),
  env: env.optional().meta({ description: "Environment variables; values may hold the same references as command." }),
  sysctls: sysctls.optional().meta({ description: "Settings of the part's namespace in every profile." }),
  cpus: cpus.optional().meta({ description: 'CPUs the part is pinned to: "0", "0-1".' }),
  ordinaryUser: z
    .boolean({ error: "true or false" })
    .optional()
    .meta({ description: "Give the program an ordinary user id: for programs that refuse to run as root." }),
  rps: rps.optional().meta({ description: "Receive packet steering: hex mask of CPUs for the interface of the part." }),
  kubernetes: kubernetes.optional(),
};

const upstreamName = text(
  "lower-case letters, digits and -, beginning with a letter or digit, at most 63; not generator, target or target-2, which are roles of their own",
  /^(?!(?:generator|target(?:-\d+)?)$)[a-z0-9][a-z0-9-]{0,62}$/,
);

const partAllowed = "a map with command and port";
export const target = form(partAllowed, {
  ...part,
  replicas: wholeNumber("a whole number from 1 to 16", 1, 16).optional().meta({
    description: "Copies of the target, each in a namespace of its own; the load goes to all of them. Default 1.",
  }),
}).meta({ description: "The service under test." });
/** One copy each: what is dialled has one address. */
const upstream = form(partAllowed, part, (key) =>
  key === "replicas" ? "an upstream is one program; only the target can have replicas" : null,
);
export const upstreams = map("a map of upstreams: NAME: {command, port}", upstreamName, upstream).meta({
  description: "Services that the target calls, each in a namespace of its own.",
});
export const generator = form("a map with sysctls or cpus", {
  sysctls: sysctls.optional().meta({ description: "Settings of the load generator's namespace in every profile." }),
  cpus: cpus.optional().meta({ description: "CPUs the load generator is pinned to." }),
}).meta({ description: "The namespace that the load comes from." });

export type PartForm = z.output<typeof upstream>;
export type TargetForm = z.output<typeof target>;
