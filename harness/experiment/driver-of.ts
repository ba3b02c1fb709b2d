import { driveHere } from "./drive-here.ts";
import { driveRemote } from "./drive-remote.ts";
import type { DriverRequest, LoadDriver } from "./load-driver.ts";

/** The driver for a stage's hands: over processes of this machine, or over what is reached through an API. */
export function driverOf(request: DriverRequest): LoadDriver {
  const { hands } = request.stage;
  return hands.kind === "local" ? driveHere(request, hands) : driveRemote(request, hands);
}
