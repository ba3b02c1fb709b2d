import { withSettingsContainer } from "./init-container.ts";
import type { Route } from "./route.ts";

export const capabilitiesInit: Route = {
  podSecurity: "privileged",
  needs:
    "An init container, root in the pod with NET_ADMIN and SYS_ADMIN only, writes /proc/sys, which containers without privilege see read-only.",
  apply: (pod, settings, { trial }) => ({
    pod: withSettingsContainer(pod, settings, trial, {
      privileged: false,
      allowPrivilegeEscalation: true,
      capabilities: { drop: ["ALL"], add: ["NET_ADMIN", "SYS_ADMIN"] },
    }),
    others: [],
  }),
};
