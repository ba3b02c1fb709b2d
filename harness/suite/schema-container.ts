import * as z from "zod";
import { command, inFolder, line, list, map, orElse, text } from "./schema-forms.ts";
import { image } from "./schema-kubernetes.ts";

/** Schema of what a part that is a container has beside what every part has. */

const userAllowed = 'a user, or a user and a group, by name or id, in quotes: "1000:1000"';
export const user = text(userAllowed, /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,63})?$/);

const ulimitNames = [
  ...["core", "cpu", "data", "fsize", "locks", "memlock", "msgqueue", "nice", "nofile", "nproc", "rss", "rtprio"],
  ...["rttime", "sigpending", "stack"],
] as const;
const ulimitAllowed = 'a limit, or the soft and the hard one in quotes: 65536, "1024:65536"; -1 is none';
export const ulimitName = text(`one of ${ulimitNames.join(", ")}`, new RegExp(`^(?:${ulimitNames.join("|")})$`));
export const ulimit = z
  .union(
    [
      z.int({ error: ulimitAllowed }).gte(-1, { error: ulimitAllowed }),
      text(ulimitAllowed, /^(?:-1|\d{1,15})(?::(?:-1|\d{1,15}))?$/),
    ],
    {
      error: ulimitAllowed,
    },
  )
  .transform(String);

/** Parted by colons, as docker takes it. */
const mountAllowed =
  "a file or folder of the suite's folder and where it lies inside, read-only: conf/nginx.conf:/etc/nginx/nginx.conf";
const mount = inFolder(line(mountAllowed, /^[^:\p{Cc}]+:\/[^:\p{Cc}]+$/u));

/** Names by which containers reach one another, as in DNS but for the _ that compose files have. */
export const hostName = text(
  "a host name: letters, digits, - _ and ., at most 253",
  /^[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9])?$/,
);

export const container = {
  image: image
    .optional()
    .describe(
      "In place of a program of this machine: a container image, run by docker or podman, with its own user, entrypoint and command; `command` stands in its command's place.",
    ),
  pull: orElse(z.boolean({ error: "true or false" }), false).describe(
    "Pull the image before the run where it is not here. Default: never.",
  ),
  entrypoint: orElse(command, null).describe("In place of the image's entrypoint."),
  user: orElse(user, null).describe("In place of the image's user."),
  ulimits: orElse(map("a map of limits: nofile: 65536", ulimitName, ulimit), {}).describe("Limits of its processes."),
  mounts: orElse(list("a list of files: [conf/nginx.conf:/etc/nginx/nginx.conf]", mount, 64), []).describe(
    "Files and folders of the suite's folder that it sees, read-only.",
  ),
  aliases: orElse(list("a list of host names: [database]", hostName, 16), []).describe(
    "Names by which other containers reach it, beside its own.",
  ),
  dependsOn: orElse(list("a list of upstreams: [db]", line("the name of an upstream"), 64), []).describe(
    "Upstreams that this one dials: they are ready before it is started, and it has a link to each. Those that its command or env refer to, or name, need not be listed.",
  ),
};

/** What can stand beside `image` only. */
export const containerOnlyKeys = Object.keys(container).filter((key) => key !== "image");

type Written = z.output<z.ZodObject<typeof container>>;

/** What a part that is a container has beside a part. */
export type Container = Omit<Written, "image"> & { image: string };

/** Takes the keys of containers together; null for a program of this machine. */
export function withContainer<Part extends Written>(
  written: Part,
): Omit<Part, keyof Written> & { container: Container | null } {
  const { image, pull, entrypoint, user, ulimits, mounts, aliases, dependsOn, ...part } = written;
  const own = { pull, entrypoint, user, ulimits, mounts, aliases, dependsOn };
  return { ...part, container: image === undefined ? null : { image, ...own } };
}
