import { driveHere } from "./drive-here.ts";
import type { DriverRequest, LoadDriver } from "./load-driver.ts";

/** The driver for a stage's hands: over processes of this machine, or over what is reached through an API. */
export function driverOf(request: DriverRequest): LoadDriver {
  const { hands } = request.stage;
  if (hands.kind === "remote") throw new Error("no driver for remote hands");
  return driveHere(request, hands);
}
