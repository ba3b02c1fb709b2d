import { usualBuildWords } from "../../cache/build-progress.ts";
import { requireGo } from "../../cache/go.ts";
import { type Capability, capability, lacking } from "../../core/capability.ts";
import { ExpectedError } from "../../core/errors.ts";
import { cachedK6 } from "./build-k6.ts";
import { installedK6 } from "./find-k6.ts";

/** Whether there is a k6, or the means to build one, for `tunebench doctor`: looks where findK6 does, without building. */
export async function k6Capability(env: NodeJS.ProcessEnv): Promise<Capability> {
  const notes: string[] = [];
  try {
    const detail = await describeK6(env, (line) => notes.push(line));
    return capability("k6", { detail: [detail, ...notes].join("; ") });
  } catch (error) {
    if (!(error instanceof ExpectedError)) throw error;
    return lacking("k6", { detail: [error.message, ...notes].join("; "), remedy: error.hint });
  }
}

async function describeK6(env: NodeJS.ProcessEnv, onProgress: (line: string) => void): Promise<string> {
  const installed = await installedK6({ explicit: null, env, onProgress });
  if (installed !== null) return `${installed.version} at ${installed.path}`;
  const cached = await cachedK6(env);
  if (cached.built) return `${cached.version} at ${cached.path}, built by tunebench`;
  const go = await requireGo(env, cached.programs);
  return `${cached.version} will be built with ${go} at the first run (${usualBuildWords(cached.programs)})`;
}
