import test from "ava";
import { type Fault, transportFault } from "../../../../harness/engines/windows/transport-fault.ts";

const cases: [string, Record<string, string>, Fault][] = [
  [
    "no free local port of the generator",
    {
      status: "0",
      error_code: "1213",
      error: "dial: unknown errno 99 error with msg `cannot assign requested address`",
    },
    { kind: "EADDRNOTAVAIL", side: "generator" },
  ],
  [
    "no descriptor left, under the same code",
    { status: "0", error_code: "1213", error: "dial: unknown errno 24 error with msg `too many open files`" },
    { kind: "EMFILE", side: "generator" },
  ],
  [
    "no route is the other side's",
    { status: "0", error_code: "1213", error: "dial: unknown errno 113 error with msg `no route to host`" },
    { kind: "EHOSTUNREACH", side: "target" },
  ],
  [
    "refused",
    { status: "0", error_code: "1212", error: "dial: connection refused" },
    { kind: "ECONNREFUSED", side: "target" },
  ],
  [
    "reset",
    { status: "0", error_code: "1220", error: "read: connection reset by peer" },
    { kind: "ECONNRESET", side: "target" },
  ],
  [
    "dial timeout",
    { status: "0", error_code: "1211", error: "dial: i/o timeout" },
    { kind: "ETIMEDOUT", side: "target" },
  ],
  [
    "request timeout",
    { status: "0", error_code: "1050", error: "request timeout" },
    { kind: "REQUEST_TIMEOUT", side: "target" },
  ],
  ["closed early", { status: "0", error_code: "1000", error: "EOF" }, { kind: "EOF", side: "target" }],
  [
    "closed within a body",
    { status: "0", error_code: "1000", error: "unexpected EOF" },
    { kind: "EOF", side: "target" },
  ],
  [
    "what nobody foresaw keeps k6's code",
    { status: "0", error_code: "1610", error: "http2: received GoAway" },
    { kind: "k6 error 1610", side: "target" },
  ],
];

for (const [title, attributes, expected] of cases) {
  test(`transport fault: ${title}`, (t) => t.like(transportFault(attributes), expected));
}
