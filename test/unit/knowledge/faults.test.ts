/** Faults by their texts, as the programs that people run write them. */
import test from "ava";
import { matchLine } from "../../../harness/detect/log-match.ts";
import { withBuiltInFaults } from "../../../harness/suite/fault-kinds.ts";

const signatures = withBuiltInFaults([]);
const kindOf = (line: string) => matchLine(signatures, line)?.kind ?? null;

/** Lines as they were seen, or stand in the programs' sources. */
const lines: Record<string, string> = {
  "http: Accept error: accept tcp [::]:8080: accept4: too many open files; retrying in 5ms": "EMFILE",
  "2026/11/29 [alert] 7#7: *1 socket() failed (24: Too many open files) while connecting to upstream": "EMFILE",
  "Error: EMFILE: too many open files, open '/x'": "EMFILE",
  "java.net.SocketException: Too many open files (Accept failed)": "EMFILE",
  "OSError: [Errno 24] Too many open files": "EMFILE",
  "dial tcp 10.0.0.2:3306: connect: connection refused": "ECONNREFUSED",
  "Error: connect ECONNREFUSED 10.0.0.2:3306": "ECONNREFUSED",
  "java.net.ConnectException: Connection refused": "ECONNREFUSED",
  "connect() failed (111: Connection refused) while connecting to upstream": "ECONNREFUSED",
  "upstream connect error or disconnect/reset before headers. reset reason: remote connection failure, transport failure reason: delayed connect error: 111":
    "ECONNREFUSED",
  "read tcp 10.0.0.1:1->10.0.0.2:2: read: connection reset by peer": "ECONNRESET",
  "java.net.SocketException: Connection reset": "ECONNRESET",
  "ConnectionResetError: [Errno 104] Connection reset by peer": "ECONNRESET",
  "upstream timed out (110: Connection timed out) while reading response header": "ETIMEDOUT",
  "read udp 10.0.0.1:1->10.0.0.2:2: i/o timeout": "ETIMEDOUT",
  "java.net.SocketTimeoutException: connect timed out": "ETIMEDOUT",
  "OSError: [Errno 98] Address already in use": "EADDRINUSE",
  "dial tcp: cannot assign requested address": "EADDRNOTAVAIL",
  "Connect() failed for backend db: no free ports.": "EADDRNOTAVAIL",
  "connect() to unix:/run/app.sock failed (11: Resource temporarily unavailable)": "EAGAIN",
  "[alert] 24 worker_connections are not enough": "WORKER_CONNECTIONS",
  'limiting requests, excess: 5.300 by zone "all", client: 10.0.0.1': "RATE_LIMITED",
  '10.0.0.1:1 [29/Nov] web db/one 0/201/-1/-1/201 503 217 - - sQ-- 60/60/58/2/0 57/0 "GET / HTTP/1.1"': "QUEUE_TIMEOUT",
  "(1040, 'Too many connections')": "TOO_MANY_CONNECTIONS",
  "FATAL:  sorry, too many clients already": "TOO_MANY_CONNECTIONS",
  "HikariPool-1 - Connection is not available, request timed out after 30000ms": "POOL_EXHAUSTED",
  "sqlalchemy.exc.TimeoutError: QueuePool limit of size 5 overflow 10 reached": "POOL_EXHAUSTED",
  "java.lang.OutOfMemoryError: Java heap space": "ENOMEM",
  MemoryError: "ENOMEM",
  "fork: Cannot allocate memory": "ENOMEM",
  "write: no buffer space available": "ENOBUFS",
};

for (const [line, kind] of Object.entries(lines)) {
  test(`${kind}: ${line.slice(0, 60)}`, (t) => t.is(kindOf(line), kind));
}

test("what a healthy service writes is no fault", (t) => {
  for (const line of [
    '10.0.0.1 - - [29/Nov/2026] "GET /errors HTTP/1.1" 200 12',
    "http: proxy error: context canceled",
    "listening on port 8080",
  ]) {
    t.is(kindOf(line), null, line);
  }
});
