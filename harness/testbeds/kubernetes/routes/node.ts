import { nodeSettingsPod } from "../objects/node-settings.ts";
import type { Route } from "./route.ts";

export const node: Route = {
  podSecurity: "privileged",
  needs:
    "A privileged pod beside the target writes the node's own settings, as `sysctl -w` in user data does, and restores them; the node must be labelled for it. Pods have a network namespace of their own, which begins with the kernel's defaults.",
  apply: (pod, settings, context) => ({
    pod,
    others: Object.keys(settings).length === 0 ? [] : [nodeSettingsPod(context.trial, context.node, settings)],
  }),
};
