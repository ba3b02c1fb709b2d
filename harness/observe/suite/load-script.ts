import { escaped } from "../../core/text.ts";
import type { ServiceSeen } from "./service.ts";

/** A script that asks for one path: what the service is really asked is not seen from outside it. */
export function loadScript({ subject, path }: Pick<ServiceSeen, "subject" | "path">): string {
  return `import { options, request } from "./lib/k6.ts";

export { options };

// A guess: what ${escaped(subject)} is asked is not seen from outside it. Ask here for what your users ask for.
export default function () {
  request(${JSON.stringify(path)});
}
`;
}
