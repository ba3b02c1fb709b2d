/**
 * What every k6 script of tunebench imports, by name ("tunebench/k6") or by path ("../lib/k6.ts"): where the target is,
 * how much load, and which kind of fault a failed response is. Runs in plain `k6 run` too:
 *
 *     TARGET_URL=http://127.0.0.1:8080 k6 run scenarios/port-exhaustion/load.ts
 */
import { scenario } from "k6/execution";
import { get, type Params, type Response } from "k6/http";
import { Counter, Trend } from "k6/metrics";
import type { Options } from "k6/options";

/** A fault's kind (an errno name, `HTTP 503`, or a kind that the suite declares) and whose limit it was. */
export interface Fault {
  kind: string;
  side: "target";
}

/** Base of every request, without a slash at the end; of a target with several copies the first one's. */
export const targetUrl = (__ENV.TARGET_URL ?? "http://127.0.0.1:8080").replace(/\/+$/, "");

/** Bases of all copies of the target. */
const targetUrls = __ENV.TARGET_URLS === undefined ? [targetUrl] : __ENV.TARGET_URLS.split(" ");

/** The load that the harness wants; by hand 50 requests a second for 5 s. Scripts export it again. */
export const options: Options = JSON.parse(__ENV.TUNEBENCH_OPTIONS ?? "null") ?? {
  scenarios: {
    load: { executor: "constant-arrival-rate", rate: 50, duration: "5s", preAllocatedVUs: 20, maxVUs: 20 },
  },
};

/** Text in a failed response's body by which its kind is known; the suite's `faults` with `in: body`. Case is ignored. */
const signatures: { kind: string; match: string }[] = JSON.parse(__ENV.TUNEBENCH_SIGNATURES ?? "null") ?? [
  { kind: "EADDRNOTAVAIL", match: "EADDRNOTAVAIL" },
  { kind: "EADDRNOTAVAIL", match: "cannot assign requested address" },
];

const faults = new Counter("tunebench_faults");
/**
 * Time of successful requests with the wait for a connection, ms: where a SYN is dropped that wait is all there is to see.
 * Taken only where each request connects: with kept connections k6's own http_req_duration says the same, at no cost.
 */
const latency = new Trend("tunebench_latency", true);
const connectsEachTime = options.noConnectionReuse === true;
let announced = false;

/**
 * Base of this iteration's requests: the copies of the target take turns, iteration by iteration, alive or not, as behind a
 * balancer that asks no copy for its health. In a duet the first: what stands in for k6/http sends each request to the copy that its iteration is for.
 */
export function currentTarget(): string {
  if (__ENV.TUNEBENCH_DUET !== undefined) return targetUrl;
  return targetUrls.length === 1 ? targetUrl : (targetUrls[scenario.iterationInTest % targetUrls.length] ?? targetUrl);
}

/** GET of a path at the target, its fault counted or its time taken. */
export function request(path = "/", params: Params = {}): Response {
  announce();
  const response = get(`${currentTarget()}${path}`, params);
  check(response);
  return response;
}

/**
 * Counts the fault of a response, or takes the time of a good one, for scripts that send their requests themselves; true
 * where it succeeded. Call it once for each response. Requests that got no response (refused, reset, timed out, no local port) fail here as well, and are
 * classified by the harness from what k6 itself says of them.
 */
export function check(response: Response): boolean {
  announce();
  const failed = response.status >= 400;
  if (failed) faults.add(1, { ...kindIn(response), side: "target", status: String(response.status) });
  const succeeded = !failed && response.status !== 0;
  // `blocked` holds connecting and TLS (seen in k6 v2.2.0); http_req_duration leaves them out.
  if (succeeded && connectsEachTime) latency.add(response.timings.blocked + response.timings.duration);
  return succeeded;
}

/** Kind and side of a response with a status of 400 or more; null for any other and where there was no response. */
export function classify(response: Response): Fault | null {
  if (response.status < 400) return null;
  return { kind: `HTTP ${response.status}`, side: "target", ...kindIn(response) };
}

/** What a response's body says of its fault; nothing where no signature is in it: the harness then knows the status, and that alone. */
function kindIn({ body }: Response): { kind?: string } {
  const text = typeof body === "string" ? body.toLowerCase() : "";
  const signature = signatures.find(({ match }) => text.includes(match.toLowerCase()));
  return signature === undefined ? {} : { kind: signature.kind };
}

/** Tells the harness, once for each virtual user, that this script names its faults. */
function announce(): void {
  if (announced) return;
  announced = true;
  faults.add(0, { kind: "none", side: "target", status: "0" });
}
