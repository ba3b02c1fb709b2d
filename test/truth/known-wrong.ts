/** What the product does not say right yet, as `case/profile`. A row that turns right must be taken off: its test says so. */
export const knownWrong: string[] = [
  // The rule is there, the remedy is not.
  "ports-reserved/injected",
  // It could not keep up, and is said to hold.
  "semaphore/injected",
  "lock/injected",
  "pauses/injected",
  "sleep/injected",
  "few-workers-accept/injected",
  "upstream-pool/injected",
  "upstream-behind-nginx/injected",
  "upstream-of-mariadb/injected",
  "upstream-cpu/injected",
  "target-cpu/injected",
  "one-thread/injected",
  "cpu-quota/injected",
  "bandwidth/injected",
  // False: the generator, the accept queue.
  "hang-in-part/injected",
  "haproxy-maxconn/injected",
  // Nothing stands behind the outcome.
  "semaphore-503/injected",
  "hang/injected",
  "ports-of-a-source-address/injected",
  "backlog-of-an-upstream/injected",
  "syn-queue/injected",
  "syn-backlog/injected",
  "unix-socket-queue/injected",
  "udp-receive-buffer/injected",
  "packet-loss/injected",
  "upstream-refuses/injected",
  "upstream-refuses-haproxy/injected",
  // Only the service's own words tell it.
  "memory-of-the-group/injected",
  "open-files/injected",
  "open-files-nginx/injected",
  "worker-connections/injected",
  "rate-limit/injected",
  "haproxy-queue/injected",
  "mariadb-max-connections/injected",
  // Too few signs.
  "few-users/injected",
];
