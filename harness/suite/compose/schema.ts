import * as z from "zod";
import { parseGoDurationMs } from "../../core/go-duration.ts";
import { hostName, ulimit, ulimitName, user } from "../schema-container.ts";
import { env, quantity, sysctls as sysctlMap, text } from "../schema-forms.ts";
import { image } from "../schema-kubernetes.ts";

/**
 * What is read of a service in a compose file (https://github.com/compose-spec/compose-spec/blob/main/05-services.md), with its short and its
 * long forms.
 */

const wordsAllowed = "the words of a command, each of one line: a list, or a text that is parted at its blanks";
const word = z.union([text(wordsAllowed, /^\P{Cc}*$/u), z.int()], { error: wordsAllowed }).transform(String);
/** A text is parted as compose does it: blanks, quotes, backslashes. */
const words = z.union([z.array(word, { error: wordsAllowed }), quantity(wordsAllowed, /^[^\p{Cc}]*$/u, wordsIn)], {
  error: wordsAllowed,
});

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
/** null: of the environment of whoever starts it. */
const variables = z
  .union([z.record(z.string(), scalar), z.array(z.string()).transform(pairs)], {
    error: "a map of variables, or a list of them: NAME=value",
  })
  .transform(
    (map): z.input<typeof env> =>
      Object.fromEntries(
        Object.entries(map).map(([name, value]) => [name, value === null ? `\${env.${name}}` : String(value)]),
      ),
  )
  .pipe(env);

const envFileAllowed = "a file of variables in the suite's folder, or a list of them";
const envFiles = z
  .union(
    [
      z.string().transform((path) => [{ path, required: true }]),
      z.array(
        z.union([
          z.string().transform((path) => ({ path, required: true })),
          z.strictObject({ path: z.string(), required: z.boolean().default(true) }),
        ]),
      ),
    ],
    { error: envFileAllowed },
  )
  .default([]);

const portAllowed = "a port, or what it is published as: 80, 8080:80, 127.0.0.1:8080:80/tcp, {target: 80}";
const shortPort = z
  .union([z.int(), z.string()])
  .transform(String)
  .pipe(
    text(
      portAllowed,
      /^(?:(?:(?:\[[0-9a-fA-F:.]+\]|[0-9.]+):)?(?:\d{1,5}(?:-\d{1,5})?)?:)?\d{1,5}(?:-\d{1,5})?(?:\/(?:tcp|udp))?$/,
    ),
  )
  .transform((written) => ({
    port: Number(/(\d+)(?:-\d+)?(?:\/\w+)?$/.exec(written)?.[1]),
    isTcp: !written.endsWith("/udp"),
  }));
const longPort = z
  .looseObject({ target: z.int(), protocol: z.string().default("tcp") })
  .transform(({ target, protocol }) => ({ port: target, isTcp: protocol === "tcp" }));
const port = z.union([shortPort, longPort], { error: portAllowed });
const ports = z.array(port, { error: "a list of ports" }).default([]);

const timeAllowed = "a time: 5s, 1m30s";
const time = quantity(timeAllowed, /^[\d.a-zµ]+$/, parseGoDurationMs);
const testAllowed = "a command: [CMD, pg_isready], or a text for the image's shell";
const healthcheck = z.strictObject({
  test: z
    .union([word.transform((line) => ["CMD-SHELL", line]), z.array(word).min(1)], { error: testAllowed })
    .optional(),
  interval: time.default(30_000),
  timeout: time.default(30_000),
  retries: z.int({ error: "a whole number" }).default(3),
  start_period: time.default(0),
  start_interval: time.optional(),
  disable: z.boolean({ error: "true or false" }).default(false),
});

const condition = z.strictObject({
  condition: z
    .enum(["service_started", "service_healthy"], {
      error: "service_started or service_healthy: each trial starts its services anew, and none is awaited to its end",
    })
    .default("service_started"),
  required: z.boolean().optional(),
  restart: z.boolean().optional(),
});
const dependsOn = z
  .union([z.array(z.string()), z.record(z.string(), condition).transform((map) => Object.keys(map))], {
    error: "a list of services, or a map with a condition for each",
  })
  .default([]);

const volumeAllowed = "FILE:PLACE, NAME:PLACE, PLACE, or {type: bind, source: FILE, target: PLACE}";
const shortVolume = z
  .string()
  .regex(/^(?:[^:\p{Cc}]+:)?\/[^:\p{Cc}]+(?::[a-zA-Z,]+)?$/u, { error: volumeAllowed })
  .transform((written) => {
    const [first = "", second] = written.replace(/(?<=:\/[^:]+):[a-zA-Z,]+$/, "").split(":");
    const isFile = second !== undefined && /^[./~]/.test(first);
    return {
      file: isFile ? first : null,
      place: second ?? first,
      isReadOnly: /:(?:[a-zA-Z]+,)*ro(?:,|$)/.test(written),
    };
  });
const longVolume = z
  .strictObject({
    type: z.enum(["bind", "volume"]),
    source: z.string().optional(),
    target: z.string().regex(/^\/[^:]+$/),
    read_only: z.boolean().default(false),
    bind: z.unknown().optional(),
    volume: z.unknown().optional(),
  })
  .transform(({ type, source, target, read_only }) => ({
    file: type === "bind" ? (source ?? "") : null,
    place: target,
    isReadOnly: read_only,
  }));
const volumes = z.array(z.union([shortVolume, longVolume], { error: volumeAllowed })).default([]);

const softAndHard = z.strictObject({ soft: z.int(), hard: z.int() }).transform(({ soft, hard }) => `${soft}:${hard}`);

const networks = z
  .union([
    z.array(z.string()).transform(() => [] as string[]),
    z
      .record(z.string(), z.looseObject({ aliases: z.array(hostName).default([]) }).nullable())
      .transform((map) => Object.values(map).flatMap((network) => network?.aliases ?? [])),
  ])
  .default([]);

export const service = z.object({
  image: image.optional(),
  command: words.nullish(),
  entrypoint: words.nullish(),
  environment: variables.default({}),
  env_file: envFiles,
  ports,
  expose: ports,
  healthcheck: healthcheck.optional(),
  depends_on: dependsOn,
  sysctls: z.union([z.array(z.string()).transform(texts).pipe(sysctlMap), sysctlMap]).default({}),
  ulimits: z.record(ulimitName, z.union([ulimit, softAndHard])).default({}),
  user: z.union([z.int().gte(0).transform(String), user]).optional(),
  volumes,
  container_name: hostName.optional(),
  hostname: hostName.optional(),
  networks,
});

export type Service = z.output<typeof service>;

/** NAME=value; a name alone has null. */
function pairs(list: string[]): Record<string, string | null> {
  return Object.fromEntries(
    list.map((entry) => {
      const at = entry.indexOf("=");
      return at < 0 ? [entry.trim(), null] : [entry.slice(0, at).trim(), entry.slice(at + 1)];
    }),
  );
}

function texts(list: string[]): z.input<typeof sysctlMap> {
  return Object.fromEntries(Object.entries(pairs(list)).map(([name, value]) => [name, value ?? ""]));
}

/** null where a quote is open. */
function wordsIn(line: string): string[] | null {
  const word = /(?:[^\s"'\\]|\\.|"(?:[^"\\]|\\.)*"|'[^']*')+/g;
  if (line.replace(word, "").trim() !== "") return null;
  return [...line.matchAll(word)].map(([found]) =>
    found.replace(
      /\\(.)|"((?:[^"\\]|\\.)*)"|'([^']*)'/g,
      (_, escaped?: string, double?: string, single?: string) =>
        escaped ?? double?.replace(/\\(["\\$`])/g, "$1") ?? single ?? "",
    ),
  );
}
