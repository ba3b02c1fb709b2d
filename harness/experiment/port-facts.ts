import { reservedWithin } from "../core/reserved-ports.ts";
import type { RolePorts } from "../detect/trial-input.ts";
import type { SettingReading } from "../testbeds/testbed.ts";

/** Port arithmetic of one role; null where its range could not be read. */
export function portFacts(settings: SettingReading[], role: string): RolePorts | null {
  const value = (key: string) =>
    settings.find((setting) => setting.role === role && setting.key === key)?.effective ?? null;
  const bounds = value("net.ipv4.ip_local_port_range")?.split(/\s+/).map(Number);
  const [low, high] = bounds ?? [];
  if (low === undefined || high === undefined) return null;
  const reserved = reservedWithin(value("net.ipv4.ip_local_reserved_ports") ?? "", low, high);
  const buckets = value("net.ipv4.tcp_max_tw_buckets");
  return {
    range: { low, high },
    reserved,
    usable: high - low + 1 - reserved,
    maxTimeWaitBuckets: buckets === null ? null : Number(buckets),
  };
}
