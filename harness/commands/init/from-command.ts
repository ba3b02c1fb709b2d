import { existsSync } from "node:fs";
import { basename, relative, resolve } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { execa } from "execa";
import { endpointText, isLoopback } from "../../core/endpoint.ts";
import { ExpectedError, InputError } from "../../core/errors.ts";
import { redactedCommand } from "../../core/secrets.ts";
import { closedCalls, type Dialled, socketsOf } from "../../subjects/process-sockets.ts";
import { toolPath } from "../../testbeds/netns/find-program.ts";
import { becomeArgv, ordinaryId } from "../../testbeds/netns/identity.ts";
import { interruptible } from "../interrupt.ts";
import { type FoundPart, type FoundService, suiteName } from "./found-service.ts";
import { type UsualService, usualService } from "./usual-services.ts";

/**
 * What is found of a service by starting it once, as an ordinary user, with PORT in its environment as a suite's parts have it: where it
 * listens, what it answers, what it dials. It is ended again. Throws InputError for a command that only a shell could read.
 */
export async function serviceOfCommand(text: string, folder: string): Promise<FoundService> {
  const argv = shellWords(text);
  const command = argv.map((word) => fromFolder(word, folder));
  return foundService(suiteName(basename(folder)), command, await lookAt(argv));
}

/** What was seen of a service, as a suite has it: what it dialled is started where that is known, and told where not. */
export function foundService(name: string, command: string[], looked: Looked): FoundService {
  const known = looked.dialled.flatMap(({ host, port }) => {
    const service = usualService(port);
    return service === null ? [] : [{ host, port, ...service }];
  });
  const target: FoundPart = { command, kubernetes: null, port: looked.port, httpPath: looked.httpPath };
  return {
    name,
    target: known.length === 0 ? target : { ...target, env: addressesOf(known) },
    upstreams: Object.fromEntries(known.map((service) => [service.role, upstreamOf(service)])),
    dialled: looked.dialled.filter(({ port }) => known.every((one) => one.port !== port)).map(upstreamLine),
    path: looked.httpPath.value ?? "/",
    files: Object.assign({}, ...known.map(({ files }) => files)),
  };
}

function addressesOf(services: UsualService[]): NonNullable<FoundPart["env"]> {
  const variables = services.flatMap(({ role, variable }) =>
    ["host", "port"].map((what) => [`${variable}_${what.toUpperCase()}`, `\${upstreams.${role}.${what}}`]),
  );
  const note = "guessed: say under which names the service reads them, and give it what else it needs";
  return { value: Object.fromEntries(variables), note };
}

function upstreamOf({ host, port, command }: UsualService & Pick<Dialled, "host" | "port">): FoundPart {
  const note = `found: it dialled ${endpointText(host, port)}`;
  return { command, kubernetes: null, port: { value: port, note }, httpPath: { value: null, note: null } };
}

/** Words as a shell would part them, with its quotes; what else a shell does is refused. */
export function shellWords(text: string): string[] {
  const words = [...text.matchAll(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g)].map(([word]) => ({
    plain: word.replace(/"[^"]*"|'[^']*'/g, ""),
    word: word.replace(/["']/g, ""),
  }));
  const shells = words.find(({ plain }) => /[|&;<>`$()]/.test(plain));
  if (words.length === 0 || shells !== undefined || /^[A-Za-z_]\w*=/.test(words[0]?.word ?? "")) {
    throw new InputError(`no command that runs without a shell: ${text}`, {
      hint: 'give a program and its arguments, such as --command "node server.js"; variables go into the suite\'s env',
    });
  }
  return words.map(({ word }) => word);
}

/** A suite's commands run in its folder: files are named from there. */
function fromFolder(word: string, folder: string): string {
  const isFile = /[./]/.test(word) && !word.startsWith("/") && existsSync(word);
  if (!isFile) return word;
  const way = relative(folder, resolve(word));
  return word.startsWith("./") && !way.startsWith(".") ? `./${way}` : way;
}

const usualPort = 8080;
/** Of the loopback, so that nothing from outside reaches it, and another than a program takes by itself: who listens there heeds it. */
const askedHost = "127.0.0.2";
const patienceMs = 10_000;

/** What was seen of a program that was started. */
export type Looked = Pick<FoundPart, "port" | "httpPath"> & { dialled: Dialled[] };

async function lookAt(argv: string[]): Promise<Looked> {
  const become = process.geteuid?.() === 0 ? becomeArgv(ordinaryId(process.cwd(), false), false) : [];
  // It goes with tunebench, also after SIGKILL. It has no more of the environment than a suite's part.
  const [program = "", ...args] = [...become, toolPath("setpriv"), "--pdeathsig", "KILL", "--", ...argv];
  const interrupt = interruptible((said) => process.stderr.write(`${said}\n`), "ending the program");
  const child = execa(program, args, {
    extendEnv: false,
    reject: false,
    stdin: "ignore",
    all: true,
    detached: true,
    env: { PATH: process.env.PATH, PORT: String(usualPort), LISTEN_HOST: askedHost },
    maxBuffer: 100_000,
  });
  try {
    const looked = await untilListening(child, interrupt.signal);
    const code = interrupt.exitCode();
    if (code !== null) throw new ExpectedError(code, "interrupted before anything was written");
    return looked;
  } finally {
    if (child.pid !== undefined) endGroup(child.pid);
    await child;
    interrupt.release();
  }
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended by itself.
  }
}

async function untilListening(
  child: { pid?: number | undefined } & Promise<unknown>,
  signal: AbortSignal,
): Promise<Looked> {
  const dialled = new Map<string, Dialled>();
  const note = (calls: Dialled[]) => {
    for (const { host, port, command } of calls) dialled.set(`${host}:${port}`, { host, port, command });
  };
  const callsBefore = new Set(child.pid === undefined ? [] : closedCalls(child.pid).map(({ localPort }) => localPort));
  const until = performance.now() + patienceMs;
  const ended = child.then(() => true);
  while (performance.now() < until && child.pid !== undefined && !signal.aborted) {
    const sockets = socketsOf(child.pid);
    note(sockets.dialled);
    const [listening] = sockets.listening;
    if (listening !== undefined) {
      const { host, port } = listening;
      const alone = isLoopback(host) && host !== askedHost;
      const httpPath = await pathOf(host === askedHost ? host : "127.0.0.1", port);
      note(socketsOf(child.pid).dialled);
      // A service that connects for each request has closed it again; whose a closed one was is not to be seen, so the usual ports alone count.
      const closed = closedCalls(child.pid).filter(({ localPort }) => !callsBefore.has(localPort));
      note(closed.filter(({ port }) => port in usualServices));
      const where = port === usualPort ? "where PORT says" : "here, whatever PORT says";
      const unheard = alone
        ? "; on 127.0.0.1 alone: let it listen on LISTEN_HOST or 0.0.0.0, the load comes from another address"
        : "";
      const found = `found: it listens ${where}${unheard}`;
      return { port: { value: port, note: found }, httpPath, dialled: [...dialled.values()] };
    }
    if (await Promise.race([ended, wait(50, false)])) break;
  }
  const guessed = `guessed: it listened nowhere within ${patienceMs / 1000} s`;
  return {
    port: { value: usualPort, note: guessed },
    httpPath: { value: null, note: null },
    dialled: [...dialled.values()],
  };
}

/** The first usual page that it answers with 2xx. */
async function pathOf(host: string, port: number): Promise<FoundPart["httpPath"]> {
  for (const path of ["/healthz", "/health", "/ready", "/"]) {
    const answer = await fetch(`http://${host}:${port}${path}`, { signal: AbortSignal.timeout(3000) }).catch(
      () => null,
    );
    await answer?.body?.cancel();
    if (answer?.ok === true) return { value: path, note: `found: it answered ${answer.status}` };
  }
  return {
    value: null,
    note: "guessed: none of /healthz, /health, /ready and / answered 2xx, so once the port takes a connection",
  };
}

const usualServices: Record<number, string> = {
  3306: "db",
  5432: "db",
  6379: "cache",
  11211: "cache",
  27017: "db",
  5672: "queue",
};

function upstreamLine({ host, port, command }: Dialled): string {
  const name = usualServices[port] ?? `upstream-${port}`;
  const runs = command === null ? "[PROGRAM]" : JSON.stringify(redactedCommand(command));
  const found = command === null ? "it dialled" : "what listens at";
  return `${name}: { port: ${port}, command: ${runs} } # ${found} ${endpointText(host, port)}`;
}
