import { type Capability, capability, lacking } from "../../core/capability.ts";
import { locustOnPath } from "./find-locust.ts";
import { cachedLocust, waysToGetLocust } from "./install-locust.ts";

/** Whether there is a Locust, or the means to install one, for `tunebench doctor`: looks where findLocust does, without installing. */
export async function locustCapability(env: NodeJS.ProcessEnv): Promise<Capability> {
  const notes: string[] = [];
  const found = await locustOnPath({ env, onProgress: (line) => notes.push(line) });
  const words = found === null ? await pinnedWords(env, notes) : `${found.version} of ${found.path}`;
  if (words !== null) return capability("locust", { detail: [words, ...notes].join("; "), required: false });
  const detail = ["no Locust, and no Python 3.10 to 3.13 to install one for", ...notes].join("; ");
  return lacking("locust", { detail, remedy: waysToGetLocust }, false);
}

/** null where it can't be installed. */
async function pinnedWords(env: NodeJS.ProcessEnv, notes: string[]): Promise<string | null> {
  const passedOver: string[] = [];
  const { python, version, folder, installed } = await cachedLocust(env, passedOver);
  if (installed !== null) return `${installed.version} in ${folder}, installed by tunebench`;
  if (python !== null)
    return `Locust ${version} will be installed for ${python.path} at the first run that wants it (half a minute)`;
  notes.push(...passedOver);
  return null;
}
