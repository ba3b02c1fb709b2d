/** What tests need of the machine and is brought before them: Debian's packages, and programs that are built once. */
import { existsSync } from "node:fs";
import { execa } from "execa";
import { kubernetesPrograms } from "../../clusters/one-node/kubernetes-programs.ts";
import { buildPrograms } from "../../harness/cache/go-programs.ts";
import { findK6 } from "../../harness/engines/k6/find-k6.ts";
import { findLocust } from "../../harness/engines/locust/find-locust.ts";
import { debianPackages, present } from "./machine-parts.ts";
import { truthServices } from "./truth-services.ts";

/**
 * Brings what the kinds of test need and this machine lacks, where it may: in the end the tests find it as a user would. What
 * can't be had is told, not thrown: the tests that need it say more. With everything there it takes no time.
 */
export async function prepare(kinds: string[]): Promise<void> {
  await installMissing(kinds);
  const request = { env: process.env, onProgress: (line: string) => console.log(line) };
  if (present("k6")) await told("k6", () => findK6({ ...request, explicit: null }));
  if (kinds.includes("integration") && present("locust"))
    await told("Locust", () => findLocust({ ...request, explicit: null }));
  if (kinds.some((kind) => ["truth", "integration", "observe", "find", "soak"].includes(kind)) && present("go"))
    await told("test/truth/services", () => truthServices(request));
  if (kinds.includes("kubernetes") && present("one-node"))
    await told("Kubernetes", async () => buildPrograms(request, await kubernetesPrograms()));
}

async function told(name: string, bring: () => Promise<unknown>): Promise<void> {
  try {
    await bring();
  } catch (error) {
    console.log(`${name} can't be had before the tests: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** Debian's packages for missing parts, where this may install: root, apt-get there, not refused. Says so in one line. */
async function installMissing(kinds: string[]): Promise<void> {
  const missing = Object.entries(debianPackages(kinds)).filter(([, isHere]) => !isHere());
  const names = missing.map(([name]) => name);
  if (names.length === 0) return;
  if (process.env.TUNEBENCH_NO_APT === "1" || process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) return;
  console.log(`installing for the tests: ${names.join(" ")} (TUNEBENCH_NO_APT=1 to refuse)`);
  const quiet = { env: { DEBIAN_FRONTEND: "noninteractive" }, stdin: "ignore", reject: false, all: true } as const;
  await execa("apt-get", ["update", "-q"], quiet);
  const install = await execa("apt-get", ["install", "-y", "-q", "--no-install-recommends", ...names], quiet);
  if (install.exitCode !== 0) console.log(install.all.split("\n").slice(-5).join("\n"));
}
