import { createHash, timingSafeEqual } from "node:crypto";

/** Where the pods of a run have its secret: a variable of their environment, of a Secret. */
export const secretVariable = "TUNEBENCH_SECRET";

/** The Authorization header of whoever has the run's secret. */
export function authorizationOf(secret: string): string {
  return `Bearer ${secret}`;
}

/** Whether a header is authorizationOf(secret), in a time that tells nothing of how much of it is right. */
export function isAuthorized(header: string | undefined, secret: string): boolean {
  return timingSafeEqual(digest(header ?? ""), digest(authorizationOf(secret)));
}

/** Of one length, which timingSafeEqual asks for. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
