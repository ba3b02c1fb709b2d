import type { Limit, Outlook } from "./observation.ts";

/** From this share on a limit is worth a sentence though it does not grow. */
const highShare = 0.8;
/** ... and what comes to rest, or fills some day, from this on. */
const worthSaying = 0.5;
/** What fills later than that is no news for somebody on call. */
const soonEnoughSeconds = 3600;

/** Nearest to being full first: what is full, what fills soon, then by share; what has no limit last. */
export function nearestFirst(limits: readonly Limit[], withinSeconds: number): Limit[] {
  const soon = ({ secondsToFull }: Limit) =>
    secondsToFull !== null && secondsToFull <= withinSeconds ? secondsToFull : Infinity;
  return limits.toSorted(
    (a, b) => compare(soon(a), soon(b)) || compare(b.share ?? -1, a.share ?? -1) || compare(b.used, a.used),
  );
}

/** Infinity beside Infinity is no order. */
function compare(a: number, b: number): number {
  return a === b ? 0 : a - b;
}

/** The answer, of limits in their order. `isBlind`: the settings of a namespace could not be read. */
export function outlookOf(
  limits: readonly Limit[],
  { withinSeconds, isBlind }: { withinSeconds: number; isBlind: boolean },
): Outlook {
  const [first] = limits;
  const { secondsToFull = null } = first ?? {};
  if (secondsToFull === 0) return { kind: "reached", limit: 0 };
  if (secondsToFull !== null && secondsToFull <= withinSeconds) return { kind: "soon", limit: 0 };
  const place = (matches: (limit: Limit) => boolean) => limits.findIndex(matches);
  const later = place(
    (one) => one.secondsToFull !== null && one.secondsToFull <= soonEnoughSeconds && (one.share ?? 0) >= 0.1,
  );
  if (later >= 0) return { kind: "later", limit: later };
  const resting = place((one) => restsAt(one) >= worthSaying && grows(one));
  if (resting >= 0) return { kind: "levels-off", limit: resting };
  const high = place(({ share }) => (share ?? 0) >= highShare);
  if (high >= 0) return { kind: "high", limit: high };
  return { kind: isBlind ? "unseen" : "room" };
}

function restsAt({ detail, of }: Limit): number {
  const at = detail.kind === "ports" || detail.kind === "time-waits" ? detail.levelsOffAt : null;
  return at === null || of === null || of <= 0 ? 0 : at / of;
}

function grows({ perSecond }: Limit): boolean {
  return perSecond !== null && perSecond > 0;
}

/** Whether somebody has to act: a limit is reached, or will be within the time that was asked about. */
export function isNear({ kind }: Outlook): boolean {
  return kind === "reached" || kind === "soon";
}
