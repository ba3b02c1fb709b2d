import { withSettingsContainer } from "./init-container.ts";
import type { Route } from "./route.ts";

export const privilegedInit: Route = {
  podSecurity: "privileged",
  needs:
    "A privileged init container, root in the pod, writes /proc/sys. It wants no allowlist, and a namespace at Pod Security level privileged.",
  apply: (pod, settings, { trial }) => ({
    pod: withSettingsContainer(pod, settings, trial, { privileged: true }),
    others: [],
  }),
};
