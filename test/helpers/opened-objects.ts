import { programsConfigMap } from "../../harness/testbeds/kubernetes/objects/containers.ts";
import { ownerObject } from "../../harness/testbeds/kubernetes/objects/owner.ts";
import type { TrialObjects } from "../../harness/testbeds/kubernetes/objects/run-objects.ts";
import type { ApiWorld } from "./api-world.ts";
import { trialObjects } from "./cluster-objects.ts";

/** A stand-in for each program: it stays, as the real ones do. */
const programs = { "sampler.mjs": "setInterval(() => {}, 1000);", "relay.mjs": "setInterval(() => {}, 1000);" };

/** A run's owner and programs, made for real in a world's namespace, and its first trial. */
export async function openObjects({ api, cluster, own }: ApiWorld, runName: string): Promise<TrialObjects> {
  const { namespace } = own;
  const owner = await api.create(ownerObject({ runName, namespace }, { suite: "objects" }));
  const opened = trialObjects({
    runName,
    namespace,
    ownerUid: owner.metadata?.uid ?? "",
    cluster: { ...cluster, shareProcessNamespace: false },
  });
  await api.create(programsConfigMap(opened, programs));
  return opened;
}
