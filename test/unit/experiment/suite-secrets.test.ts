import test from "ava";
import { variablesWithoutSecrets, yamlWithoutSecrets } from "../../../harness/experiment/suite-secrets.ts";

const secrets = new Map([["hunter2", "(redacted)"]]);

test("of a compose file secrets are replaced in a map of variables and in a list of them, and nowhere else", (t) => {
  const text = `services:
  web:
    image: hunter2
    environment:
      - DB_PASSWORD=hunter2
      - "QUOTED=hunter2"
      - LEVEL=hunter22
  db:
    environment: { MARIADB_PASSWORD: hunter2 }
`;
  t.is(
    yamlWithoutSecrets(text, secrets),
    `services:
  web:
    image: hunter2
    environment:
      - "DB_PASSWORD=(redacted)"
      - "QUOTED=(redacted)"
      - LEVEL=hunter22
  db:
    environment: { MARIADB_PASSWORD: "(redacted)" }
`,
  );
});

test("of a file of variables the values alone, with or without quotes", (t) => {
  const text = `# hunter2 is said here\nPASSWORD=hunter2\nOTHER="hunter2"\nURL=a=hunter2\nLEVEL=3\n`;
  const bare = `# hunter2 is said here\nPASSWORD=(redacted)\nOTHER=(redacted)\nURL=a=hunter2\nLEVEL=3\n`;
  t.is(variablesWithoutSecrets(text, secrets), bare);
});
