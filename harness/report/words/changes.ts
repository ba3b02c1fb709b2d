import type { Change } from "../../results/find.ts";
import { roleWords } from "./roles.ts";

/** `net.ipv4.tcp_tw_reuse=1`, `net.core.somaxconn=65535 of db`, `backlog=65535`. */
export function changeWords(change: Change): string {
  if (change.kind === "lever") return `${change.name}=${change.value}`;
  const { role, key, value } = change;
  const assignment = `${key}=${/^\S+$/.test(value) ? value : JSON.stringify(value)}`;
  return role === "target" ? assignment : `${assignment} of ${roleWords(role)}`;
}
