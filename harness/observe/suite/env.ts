import { isLoopback } from "../../core/endpoint.ts";
import { grouped } from "../../core/numbers.ts";
import { isSecretName, redacted, redactedValue } from "../../core/secrets.ts";
import type { Destination } from "./traffic.ts";
import type { Upstream } from "./upstreams.ts";
import { comment, escapeReferences, indented, isLine, scalar } from "./yaml-words.ts";

/** Variables that say where upstreams are point at the stand-ins; secrets come from whoever runs the suite. `isContainer`: nothing is added to it. */
export function environmentLines(
  { env, shared, isContainer }: { env: Record<string, string> | null; shared: string[]; isContainer: boolean },
  upstreams: Upstream[],
): string[] {
  if (env === null)
    return [...comment("Its environment could not be read: add what it needs."), ...unreachedWords(upstreams, [])];
  const tells = (name: string, value: string) =>
    !shared.includes(name) || isSecretName(name) || upstreams.some((upstream) => pointsAt(name, value, env, upstream));
  const all = Object.entries(env).filter(
    ([name, value]) => ((isContainer && name === "PORT") || !isAmbient(name)) && tells(name, value),
  );
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
        `No variable says where ${address}:${port} is: give it \${upstreams.${upstream}.host} and \${upstreams.${upstream}.port} in command or env; a file of settings that says it can be written by the command, from such a variable (sh -c).`,
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
  const loopback = isLoopback(address) ? ["localhost"] : [];
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
