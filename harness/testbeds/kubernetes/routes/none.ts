import type { Route } from "./route.ts";

export const none: Route = {
  podSecurity: "restricted",
  needs: "Nothing is delivered: the pod reads the defaults of its network namespace.",
  apply: (pod) => ({ pod, others: [] }),
};
