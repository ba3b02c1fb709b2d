/**
 * The last program before a part's own: becomes it, with the environment, folder and words that come as JSON over descriptor 3 (Becoming in
 * start-part.ts). What runs before is a tool that enters namespaces with the machine's rights: it sees nothing of a suite's environment
 * (LD_PRELOAD would be code in it), and no value stands in a command line, which everyone may read.
 */
import { closeSync, readdirSync, readFileSync } from "node:fs";

const { argv, env, folder } = JSON.parse(readFileSync(3, "utf8"));
for (const descriptor of inherited()) closeSync(descriptor);
// Node ignores these two, and what is ignored stays so in the program; what has a handler is as it was (execve(2)).
for (const name of ["SIGPIPE", "SIGXFSZ"]) process.on(name, () => {});
process.chdir(folder);
process.execve?.(argv[0], argv, env);

/** Open descriptors that would reach the program beside its standard ones: Node's own are closed by exec. */
function inherited(): number[] {
  const closedByExec = 0o2000000;
  return readdirSync("/proc/self/fd")
    .map(Number)
    .filter((descriptor) => descriptor > 2 && (flagsOf(descriptor) & closedByExec) === 0);
}

/** Flags of open(2), in octal; all where it is closed again: it was the one that listed them. */
function flagsOf(descriptor: number): number {
  try {
    const text = readFileSync(`/proc/self/fdinfo/${descriptor}`, "utf8");
    return Number.parseInt(/^flags:\s+([0-7]+)$/m.exec(text)?.[1] ?? "", 8);
  } catch {
    return -1;
  }
}
