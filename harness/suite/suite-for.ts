import type { Profile, Suite } from "./suite.ts";

/** The suite as one profile's trials run it: the profile's load laid over the suite's. */
export function suiteFor(suite: Suite, profile: Pick<Profile, "load">): Suite {
  return profile.load === null ? suite : { ...suite, load: { ...suite.load, ...profile.load } };
}
