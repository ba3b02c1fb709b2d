import { portRangeKey } from "../core/ports.ts";
import { suggestedValue } from "../knowledge/settings.ts";
import { strengths } from "./finding.ts";
import { program } from "./remedy.ts";
import { rule, sideOf } from "./rule.ts";
import { saidFault } from "./said.ts";

const exhaustedShare = 0.95;

/**
 * A program that binds to an address before it connects takes a port that nobody else of that address may have, whatever the destination: the
 * range then lasts for all destinations together, and bind() gives EADDRINUSE. tcp_tw_reuse is connect()'s and does nothing here. Source:
 * inet_csk_get_port; ip(7) on IP_BIND_ADDRESS_NO_PORT.
 */
export const sourceAddressPorts = rule("source-address-ports", ["load", "logged", "sources"], (seen) => {
  const said = saidFault(seen, ["EADDRINUSE"]);
  const used = seen.sources.reduce((most, next) =>
    next.peakInUse * most.usable > most.peakInUse * next.usable ? next : most,
  );
  if (said === null || used.usable <= 0 || used.peakInUse < exhaustedShare * used.usable) return null;
  const { role } = used;
  return {
    side: sideOf(role),
    role,
    limit: { used: used.peakInUse, of: used.usable, unit: "ports" },
    strength: Math.max(said.strength, strengths.implied),
    evidence: [{ kind: "source-ports", ...used }, said.evidence],
    remedies: [
      program(role, "late-bind"),
      program(role, "source-addresses"),
      {
        ...{ kind: "setting", role, key: portRangeKey, gain: "room" },
        value: suggestedValue(portRangeKey),
      },
    ],
  };
});
