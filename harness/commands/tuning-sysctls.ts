import type { TuningSysctls } from "../../clusters/one-node/pod-network.ts";
import { InputError } from "../core/errors.ts";

/**
 * --tuning-sysctls of `cluster up`: `net.core.somaxconn=65535,net.ipv4.conf.IFNAME.accept_redirects=0`. A value may hold commas
 * (net.ipv4.ip_local_reserved_ports=8080,9090). Throws InputError for anything but settings of net.*, each once: the plugin
 * takes no others.
 */
export function tuningSysctlsOf(text: string): TuningSysctls {
  if (text === "") return {};
  const tuning = new Map<string, string>();
  for (const setting of text.split(/,(?=[^,=]*=)/)) {
    const [, key = "", value = ""] = /^(net(?:\.[A-Za-z0-9_-]+)+)=([\x20-\x7e]+)$/.exec(setting) ?? [];
    if (key === "" || tuning.has(key)) {
      throw new InputError(`--tuning-sysctls: ${JSON.stringify(setting)} is not a setting of net.*, each once`, {
        hint: "as in net.core.somaxconn=65535,net.ipv4.conf.IFNAME.accept_redirects=0",
      });
    }
    tuning.set(key, value);
  }
  return Object.fromEntries(tuning);
}
