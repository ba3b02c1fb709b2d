/**
 * Stands in for k6/http in each script that the harness bundles (harness/engines/k6/bundle-script.ts): the same module, whose responses are
 * told to the harness too, the first few of each status: what a script was answered is nowhere else in k6's numbers. They go by a line of
 * k6's own output, which reaches the harness wherever k6 runs.
 */
import { vu } from "k6/execution";
import type { Params, RefinedParams, Response, ResponseType } from "k6/http";
import standard, * as http from "k6/http";
import { atArm, isDuet, timeOf } from "./duet.ts";

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

/** What a script is answered at its beginning says where it asks: to look at each response would cost the generator CPU. */
let looks = asked === 0 ? 20 : Number.POSITIVE_INFINITY;

function seen<R extends Response>(response: R): R {
  if (isDuet) timeOf(response);
  if (looks === 0) return response;
  looks -= 1;
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

/** The tag by whose values requests are told apart; the suite may name another. */
const tag = __ENV.TUNEBENCH_ENDPOINT_TAG ?? "name";
const mostEndpoints = 50;

/** Names that thresholds ask for, which are counted as they are. */
const asIs: string[] = JSON.parse(__ENV.TUNEBENCH_NAMES ?? "[]");

/** Name as the script gives it -> as it is counted: without the ids in it, and `other` past the most that are told apart. */
const endpoints = new Map(asIs.map((name) => [name, name]));

/** What is the same in paths that differ in ids only. */
function withoutIds(name: string): string {
  return name
    .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/gi, "*")
    .replace(/\/\d+(?=[/?#]|$)/g, "/*")
    .replace(/\d{4,}/g, "*");
}

function endpointOf(name: string): string {
  const known = endpoints.get(name);
  if (known !== undefined) return known;
  const masked = withoutIds(name);
  if (masked === name && endpoints.size >= mostEndpoints) return "other";
  const endpoint = masked === name ? name : endpointOf(masked);
  // Names with ids in them are no end of names.
  if (masked === name) endpoints.set(name, endpoint);
  return endpoint;
}

/** The parameters of a request with the name that it is counted under; as they are where the script gives it none. */
function named(url: unknown, params: RefinedParams<ResponseType | undefined> | null | undefined) {
  const given = params?.tags?.[tag] ?? (tag === "name" ? templateOf(url) : undefined);
  if (given === undefined) return params;
  const endpoint = endpointOf(String(given));
  // k6's own tag carries it: one more would cost CPU on every sample.
  return { ...params, tags: { ...params?.tags, [tag]: endpoint, name: endpoint } };
}

/** Of http.url`${base}/items/${id}`: the path, with ${} for each value. */
function templateOf(url: unknown): string | undefined {
  return isTemplate(url) ? url.name.replace(/^(?:https?:\/\/[^/]+|\$\{\})(?=\/)/, "") : undefined;
}

/** Where a request goes: in a duet to the copy that the iteration is for. A template is a URL by then: it has given its name. */
function placed<U>(url: U): U {
  if (!isDuet) return url;
  if (typeof url === "string") return atArm(url) as U;
  return isTemplate(url) ? (atArm(url.url) as U) : url;
}

function isTemplate(url: unknown): url is { name: string; url: string } {
  return typeof url === "object" && url !== null && "clean_url" in url;
}

export const get: typeof http.get = (url, params) => seen(http.get(placed(url), named(url, params)));
export const head: typeof http.head = (url, params) => seen(http.head(placed(url), named(url, params)));
export const post: typeof http.post = (url, body, params) => seen(http.post(placed(url), body, named(url, params)));
export const put: typeof http.put = (url, body, params) => seen(http.put(placed(url), body, named(url, params)));
export const patch: typeof http.patch = (url, body, params) => seen(http.patch(placed(url), body, named(url, params)));
export const del: typeof http.del = (url, body, params) => seen(http.del(placed(url), body, named(url, params)));
export const options: typeof http.options = (url, body, params) =>
  seen(http.options(placed(url), body, named(url, params)));
export const request: typeof http.request = (method, url, body, params) =>
  seen(http.request(method, placed(url), body, named(url, params)));
export const asyncRequest: typeof http.asyncRequest = (method, url, body, params) =>
  http.asyncRequest(method, placed(url), body, named(url, params)).then(seen);
export const batch: typeof http.batch = (requests) => {
  const responses = http.batch(eachNamed(requests));
  for (const response of Object.values<Response>(responses)) seen(response);
  return responses;
};

/** A batch is a list or a map of requests; each is a URL, a list [method, url, body, params] or a map. */
function eachNamed<Q extends Parameters<typeof http.batch>[0]>(requests: Q): Q {
  const one = (asked: unknown) => {
    if (isTemplate(asked)) return ["GET", placed(asked), null, named(asked, null)];
    if (Array.isArray(asked)) return [asked[0], placed(asked[1]), asked[2], named(asked[1], asked[3])];
    if (typeof asked !== "object" || asked === null || !("url" in asked)) return placed(asked);
    return { ...asked, url: placed(asked.url), params: named(asked.url, (asked as { params?: Params }).params) };
  };
  if (Array.isArray(requests)) return requests.map(one) as unknown as Q;
  return Object.fromEntries(Object.entries(requests).map(([key, asked]) => [key, one(asked)])) as Q;
}

export default { ...standard, get, head, post, put, patch, del, options, request, asyncRequest, batch };
