/** A text by which a fault is known, in a failed response or in a log, case ignored. */
export interface FaultText {
  kind: FaultKind;
  text: string;
  /** Who writes it so. */
  source: string;
}

/** What faults are called that have a text here: errno names, and what servers say that no errno has. */
export type FaultKind = (typeof faultKinds)[number];

/** Those that are no errno are limits of a server's own. */
const faultKinds = [
  "EADDRINUSE",
  "EADDRNOTAVAIL",
  "EAGAIN",
  "ECONNREFUSED",
  "ECONNRESET",
  "EMFILE",
  "ENOBUFS",
  "ENOMEM",
  "ETIMEDOUT",
  "POOL_EXHAUSTED",
  "QUEUE_TIMEOUT",
  "RATE_LIMITED",
  "TOO_MANY_CONNECTIONS",
  "WORKER_CONNECTIONS",
] as const;

const named = (kind: FaultKind): FaultText => ({ kind, text: kind, source: "Node (error.code), errno name" });
const libc = (kind: FaultKind, text: string): FaultText => ({
  kind,
  text,
  source: "strerror: C, Go, Python, nginx, Envoy; Java behind its exception's name",
});
const said = (kind: FaultKind, source: string, ...texts: string[]): FaultText[] =>
  texts.map((text) => ({ kind, text, source }));

/**
 * Every spelling that is known, what says most first: a line is taken for the first that it holds. `(1040, 'Too many connections')` names
 * the limit, "connection refused" only what came of one.
 */
export const faultTexts: readonly FaultText[] = [
  ...said("WORKER_CONNECTIONS", "nginx (ngx_connection.c)", "worker_connections are not enough"),
  ...said("QUEUE_TIMEOUT", "HAProxy (termination state: waited for a server's maxconn)", " sQ-- "),
  ...said("TOO_MANY_CONNECTIONS", "MySQL and MariaDB (error 1040)", "too many connections"),
  ...said("TOO_MANY_CONNECTIONS", "MySQL and MariaDB (error 1203)", "max_user_connections"),
  ...said(
    "TOO_MANY_CONNECTIONS",
    "PostgreSQL (SQLSTATE 53300)",
    "too many clients already",
    "remaining connection slots",
  ),
  ...said("TOO_MANY_CONNECTIONS", "PgBouncer", "no more connections allowed"),
  ...said("TOO_MANY_CONNECTIONS", "Redis", "max number of clients reached"),
  ...said("TOO_MANY_CONNECTIONS", "MongoDB", "too many open connections"),
  ...said("RATE_LIMITED", "nginx (limit_req)", "limiting requests, excess"),
  ...said("RATE_LIMITED", "nginx (limit_conn)", "limiting connections by zone"),
  ...said("RATE_LIMITED", "Envoy (local rate limit)", "local_rate_limited"),
  ...said("RATE_LIMITED", "many frameworks", "rate limit exceeded", "rate limit reached"),
  ...said("POOL_EXHAUSTED", "SQLAlchemy", "QueuePool limit of size"),
  ...said("POOL_EXHAUSTED", "HikariCP (Java)", "connection is not available, request timed out after"),
  ...said("POOL_EXHAUSTED", "Tomcat JDBC (Java)", "pool empty. unable to fetch a connection"),
  ...said("POOL_EXHAUSTED", "commons-dbcp (Java)", "timeout waiting for idle object"),
  ...said("POOL_EXHAUSTED", "Apache HttpClient (Java)", "timeout waiting for connection from pool"),
  ...said("POOL_EXHAUSTED", "Reactor Netty (Java)", "pending acquire queue has reached its maximum size"),
  ...said("POOL_EXHAUSTED", "Prisma (Node)", "timed out fetching a new connection from the connection pool"),
  ...said("POOL_EXHAUSTED", "Knex (Node)", "timeout acquiring a connection. the pool is probably full"),
  ...said("POOL_EXHAUSTED", "generic-pool (Node)", "resourcerequest timed out"),
  ...said("POOL_EXHAUSTED", "Npgsql (.NET)", "the connection pool has been exhausted"),
  ...said("POOL_EXHAUSTED", "mysql-connector-python", "failed getting connection; pool exhausted"),
  ...said("POOL_EXHAUSTED", "urllib3 and requests (Python)", "connection pool is full, discarding"),
  ...said("POOL_EXHAUSTED", "Envoy (circuit breaker)", "reset reason: overflow"),
  ...said("POOL_EXHAUSTED", "many libraries", "pool exhausted", "pool timeout"),
  libc("EMFILE", "too many open files"),
  named("EMFILE"),
  libc("EADDRINUSE", "address already in use"),
  ...said("EADDRINUSE", "HAProxy (source)", "cannot bind to source address before connect()"),
  named("EADDRINUSE"),
  libc("EADDRNOTAVAIL", "cannot assign requested address"),
  ...said("EADDRNOTAVAIL", "glibc in some locales, Java", "can't assign requested address"),
  ...said("EADDRNOTAVAIL", "HAProxy (proto_tcp.c)", "no free ports"),
  named("EADDRNOTAVAIL"),
  ...said("ENOMEM", "Python", "MemoryError"),
  ...said("ENOMEM", "Java", "OutOfMemoryError: Java heap space", "OutOfMemoryError: GC overhead"),
  ...said("ENOMEM", "C++", "std::bad_alloc"),
  ...said(
    "ENOMEM",
    "Node, Go, kernel",
    "heap out of memory",
    "runtime: out of memory",
    "out of memory: killed process",
  ),
  libc("ENOMEM", "cannot allocate memory"),
  named("ENOMEM"),
  libc("ENOBUFS", "no buffer space available"),
  named("ENOBUFS"),
  ...said("EAGAIN", "Python", "can't start new thread"),
  ...said("EAGAIN", "Java", "unable to create native thread", "unable to create new native thread"),
  ...said("EAGAIN", "Go", "failed to create new OS thread"),
  libc("EAGAIN", "resource temporarily unavailable"),
  named("EAGAIN"),
  libc("ECONNREFUSED", "connection refused"),
  ...said("ECONNREFUSED", "Envoy", "delayed connect error: 111"),
  named("ECONNREFUSED"),
  libc("ECONNRESET", "connection reset by peer"),
  ...said("ECONNRESET", "Java", "socketexception: connection reset"),
  ...said("ECONNRESET", "Envoy", "reset reason: connection termination"),
  named("ECONNRESET"),
  libc("ETIMEDOUT", "connection timed out"),
  ...said("ETIMEDOUT", "Go", "i/o timeout"),
  ...said("ETIMEDOUT", "Java", "connect timed out", "read timed out"),
  ...said("ETIMEDOUT", "nginx", "upstream timed out"),
  ...said("ETIMEDOUT", "Envoy", "reset reason: connection timeout", "upstream request timeout"),
  named("ETIMEDOUT"),
];

/** Whether a fault has a text here. */
export function isNamedFault(kind: string): kind is FaultKind {
  return faultKinds.some((name) => name === kind);
}

/** Names of all of them. */
export const namedFaults: readonly string[] = faultKinds;
