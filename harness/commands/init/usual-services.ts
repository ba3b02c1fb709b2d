import { findTool } from "../../testbeds/netns/find-program.ts";

/** How a well-known server is started for a trial, on what an ordinary user has. */
export interface UsualService {
  /** Name of the upstream. */
  role: string;
  /** What the names of the variables begin with by which services usually take its address: DB_HOST, DB_PORT. */
  variable: string;
  command: string[];
  /** What the command needs beside the suite, by name. */
  files: Record<string, string>;
}

/** What usually listens on a port, and starts here: null where nothing is known, or its program is missing. */
export function usualService(port: number): UsualService | null {
  const { program, ...service } = services[port] ?? { program: null };
  return program === null || findTool(program) === null ? null : (service as UsualService);
}

/** A part's own folder, which lives as long as the trial. */
const ownFolder = "$" + "{data}";

const mariadb = `#!/bin/sh
# A MariaDB of its own for each trial, in the folder that is given; it begins with what schema.sql says.
set -e
set -- --no-defaults --datadir="$1/mariadb"
mariadb-install-db "$@" --auth-root-authentication-method=normal --skip-test-db > /dev/null
exec mariadbd "$@" --socket=m.sock --port="$PORT" --bind-address='*' --skip-name-resolve --init-file="$PWD/schema.sql"
`;

const schema = `-- Change me: the user, tables and rows that the service expects. Each trial begins with what stands here.
CREATE DATABASE app;
CREATE USER app@'%' IDENTIFIED BY 'app';
GRANT ALL ON app.* TO app@'%';
`;

const services: Record<number, UsualService & { program: string }> = {
  3306: {
    program: "mariadbd",
    role: "db",
    variable: "DB",
    command: ["sh", "db.sh", ownFolder],
    files: { "db.sh": mariadb, "schema.sql": schema },
  },
  6379: {
    program: "redis-server",
    role: "cache",
    variable: "REDIS",
    command: ["redis-server", "--port", "6379", "--protected-mode", "no", "--save", ""],
    files: {},
  },
};
