/**
 * Stands in for k6/http in each script that the harness bundles (harness/engines/k6/bundle-script.ts): the same module, whose responses are
 * told to the harness too, the first few of each status: what a script was answered is nowhere else in k6's numbers. They go by a line of
 * k6's own output, which reaches the harness wherever k6 runs.
 */
import { vu } from "k6/execution";
import type { Response } from "k6/http";
import standard, * as http from "k6/http";

export * from "k6/http";

/** k6's own, which its types leave out. */
declare const console: { info(line: string): void };

/** How many of each status are told; 0: each user's first failed one alone, and without its body. */
const asked = Number(__ENV.TUNEBENCH_RESPONSES ?? 0);

/** With thousands of users, the first few stand for all. */
const tellingUsers = 20;
const mostBodyCharacters = 200;

/** Status -> how many of it this user has told. */
const told: Record<number, number> = {};

function seen<R extends Response>(response: R): R {
  const { status } = response;
  if (asked === 0 && ((status >= 200 && status < 400) || vu.idInTest > tellingUsers)) return response;
  const before = told[status] ?? 0;
  if (before >= Math.max(1, asked)) return response;
  told[status] = before + 1;
  const { method, url } = response.request;
  const { error, body } = response;
  // No quoting of a log's line has anything to change in this.
  console.info(
    `tunebench-response ${encodeURIComponent(JSON.stringify({ status, method, url, error, ...shown(body) }))}`,
  );
  return response;
}

function shown(body: Response["body"]): { body: string | null; characters: number | null } {
  if (asked === 0 || typeof body !== "string") return { body: null, characters: null };
  return { body: body.slice(0, mostBodyCharacters), characters: body.length };
}

export const get: typeof http.get = (...call) => seen(http.get(...call));
export const head: typeof http.head = (...call) => seen(http.head(...call));
export const post: typeof http.post = (...call) => seen(http.post(...call));
export const put: typeof http.put = (...call) => seen(http.put(...call));
export const patch: typeof http.patch = (...call) => seen(http.patch(...call));
export const del: typeof http.del = (...call) => seen(http.del(...call));
export const options: typeof http.options = (...call) => seen(http.options(...call));
export const request: typeof http.request = (...call) => seen(http.request(...call));
export const asyncRequest: typeof http.asyncRequest = (...call) => http.asyncRequest(...call).then(seen);
export const batch: typeof http.batch = (requests) => {
  const responses = http.batch(requests);
  for (const response of Object.values<Response>(responses)) seen(response);
  return responses;
};

export default { ...standard, get, head, post, put, patch, del, options, request, asyncRequest, batch };
