import type { WallObstacle } from "../../analysis/reason.ts";
import { formatCount } from "../../core/numbers.ts";
import { formatPercent, formatSeconds } from "../../core/units.ts";
import { counted, listWords } from "../../core/words.ts";

/** Why it can't be told what a profile does to a wall, as a clause. */
export function wallObstacleWords(obstacle: WallObstacle): string {
  switch (obstacle.code) {
    case "disturbed":
      return `others used the CPUs during trials of ${listWords(obstacle.profiles)}`;
    case "others-not-measured":
      return `who keeps up depends on how much of the CPUs others used, which was not measured; ${obstacle.needed} blocks that agree would tell`;
    case "target-died-in-both":
      return "the target died with both";
    case "broke-at-once":
      return `${obstacle.profile} broke within the first two windows`;
    case "few-requests":
      return `${obstacle.profile} served ${formatCount(obstacle.requests)} requests before it broke`;
    case "same-ports":
      return `both met the wall of the same ${formatCount(obstacle.ports)} ports, and how they met it depends on how fast the machine was`;
    case "near-in-time":
      return `both broke at about the same time (${obstacle.seconds.map(formatSeconds).join(" and ")} after the first request)`;
    case "ended-otherwise": {
      const ended = { broke: "broke", degraded: "degraded", saturated: "did not keep up" };
      return `one ${ended[obstacle.worse]} and the other only ${ended[obstacle.milder]}, and nothing shows that the wall itself is elsewhere`;
    }
    case "fault-there-too":
      return `${counted(obstacle.requests, "request")} failed with ${obstacle.fault} with ${obstacle.profile} too`;
    case "served-no-more":
      return `${obstacle.profile} served no more requests than ${obstacle.than} did before it broke`;
    case "no-faster":
      return `${obstacle.profile} served no more requests a second than ${obstacle.than}`;
    case "ports-nearly-used-up":
      return `${formatPercent(obstacle.usedRatio)} of the ports were in use with ${obstacle.profile} too`;
  }
}
