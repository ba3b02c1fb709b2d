import { type FaultCount, statusFault } from "../../results/window.ts";

/** Responses of a status that the script itself gave a kind; "" where it found none to give. */
export interface NamedFault extends Omit<FaultCount, "status"> {
  status: string;
}

/** What one window left open. */
export interface Unsettled {
  /** Status -> failed responses that the script has not named yet. */
  requests: Record<string, number>;
  /** Names whose responses have not been counted yet. */
  named: NamedFault[];
}

export interface Settlement {
  faults: FaultCount[];
  unsettled: Unsettled;
}

export const nothingUnsettled: Unsettled = { requests: {}, named: [] };

/**
 * Joins failed responses, which k6 counts, with their kinds, which the script counts just after: the two may fall into
 * neighbouring windows. Where the script names its faults, what finds no partner waits for one more window, then the
 * responses get the kind of their status and the names are dropped. Each response is counted once, whatever happens.
 */
export function settleFaults(request: {
  failed: Record<string, number>;
  named: NamedFault[];
  before: Unsettled;
  scriptNamesFaults: boolean;
}): Settlement {
  const settlement: Settlement = { faults: [], unsettled: { requests: {}, named: [] } };
  const { failed, named, before } = request;
  for (const status of new Set([...Object.keys(failed), ...Object.keys(before.requests)])) {
    const waiting = before.requests[status] ?? 0;
    const fresh = failed[status] ?? 0;
    const hasStatus = (fault: NamedFault) => fault.status === status;
    const earlier = give(before.named.filter(hasStatus), waiting + fresh, settlement.faults);
    const { left, rest } = give(named.filter(hasStatus), earlier.left, settlement.faults);
    const open = request.scriptNamesFaults ? Math.min(left, fresh) : 0;
    if (open > 0) settlement.unsettled.requests[status] = open;
    if (left > open) settlement.faults.push(statusFault(Number(status), left - open));
    settlement.unsettled.named.push(...rest);
  }
  const seen = (fault: NamedFault) => fault.status in failed || fault.status in before.requests;
  settlement.unsettled.named.push(...named.filter((fault) => !seen(fault)));
  return settlement;
}

/** Gives names to at most `wanted` responses; what is left of both. */
function give(named: NamedFault[], wanted: number, faults: FaultCount[]): { left: number; rest: NamedFault[] } {
  let left = wanted;
  const rest: NamedFault[] = [];
  for (const fault of named) {
    const count = Math.min(left, fault.count);
    if (count > 0) faults.push(faultOf(fault, count));
    if (count < fault.count) rest.push({ ...fault, count: fault.count - count });
    left -= count;
  }
  return { left, rest };
}

function faultOf({ kind, side, status }: NamedFault, count: number): FaultCount {
  return kind === "" ? statusFault(Number(status), count) : { kind, side, count };
}
