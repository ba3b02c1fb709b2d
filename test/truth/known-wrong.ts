/** What the product does not say right yet, as `case/profile`. A row that turns right must be taken off: its test says so. */
export const knownWrong: string[] = [
  // It could not keep up, and is said to hold.
  "pauses/injected",
  "sleep/injected",
  "upstream-behind-nginx/injected",
  "upstream-of-mariadb/injected",
  "upstream-cpu/injected",
  "one-thread/injected",
  "bandwidth/injected",
  // False: the generator, the accept queue.
  "hang-in-part/injected",
  "haproxy-maxconn/injected",
  // Too few signs.
];
