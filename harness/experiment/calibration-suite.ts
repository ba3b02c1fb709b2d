import type { Suite } from "../suite/suite.ts";

/** A suite's calibration: its baseline against itself, under another name. Nothing to recheck, no look: its noise is what it is for. */
export function calibrationSuite(suite: Suite): Suite {
  const baseline = suite.profiles.filter(({ name }) => name === suite.baseline).map((one) => ({ ...one, levels: {} }));
  const again = baseline.map((profile) => ({ ...profile, name: `${profile.name}-again` }));
  return {
    ...suite,
    profiles: [...baseline, ...again],
    design: "profiles",
    recheckBlocks: 0,
    blocks: { min: suite.blocks.max, max: suite.blocks.max },
  };
}
