import { redactedUrl } from "../core/secrets.ts";
import { type SeenResponse, seenResponseShape } from "../results/events.ts";

/**
 * What a line of a generator's output tells of a response that its script got: written by the module in place of k6/http (scenarios/lib/http.ts), and
 * by our listener in Locust. A script could write such a line itself: it is read as any text of unknown origin.
 */
export function responseIn(line: string): SeenResponse | null {
  const told = /\btunebench-response ([\w%.!~*'()-]+)/.exec(line)?.[1];
  if (told === undefined) return null;
  try {
    const { data } = seenResponseShape.safeParse(JSON.parse(decodeURIComponent(told)));
    return data === undefined ? null : { ...data, url: redactedUrl(data.url) };
  } catch {
    return null;
  }
}
