/** What the product does not say right yet, as `case/profile`. A row that turns right must be taken off: its test says so. */
export const knownWrong: string[] = [
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
  // Too few signs.
];
