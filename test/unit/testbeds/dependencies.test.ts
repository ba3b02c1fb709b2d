/** Which upstreams dial one another, and in which order they are then started. */
import test from "ava";
import { dependenciesOf } from "../../../harness/testbeds/netns/dependencies.ts";
import { addressesOf, interfacesOf, linksOf } from "../../../harness/testbeds/netns/links.ts";
import { startOrder } from "../../../harness/testbeds/netns/start-order.ts";
import { echoPart, reference } from "../../helpers/suites.ts";

const container = {
  image: "shop:1",
  pull: false,
  entrypoint: null,
  user: null,
  ulimits: {},
  mounts: [],
  aliases: [],
  dependsOn: [],
};

test("a reference, a name that a container is told, and what the suite says", (t) => {
  const upstreams = {
    api: echoPart({ container, env: { DSN: "mysql://shop@the_db/shop" } }),
    db: echoPart({ container: { ...container, aliases: ["the_db"] }, command: ["serve", "api.sql"] }),
    jobs: echoPart({ container: { ...container, dependsOn: ["api"] } }),
    program: echoPart({ env: { DB: reference("upstreams.db.address"), NAME: "jobs" } }),
  };
  t.deepEqual(dependenciesOf(upstreams), [
    { upstream: "jobs", on: "api", waits: true },
    { upstream: "program", on: "db", waits: true },
    { upstream: "api", on: "db", waits: true },
  ]);
});

test("of two that refer to each other one waits; what waits for another already is not waited for by it", (t) => {
  const told = (dependsOn: string[], ...names: string[]) =>
    echoPart({ container: { ...container, dependsOn }, command: names.map((name) => `${name}:80`) });
  const referring = (name: string) => echoPart({ env: { OTHER: reference(`upstreams.${name}.host`) } });
  t.deepEqual(dependenciesOf({ a: referring("b"), b: referring("a") }), [{ upstream: "a", on: "b", waits: true }]);
  t.deepEqual(dependenciesOf({ a: told([], "b"), b: told([], "a") }), [{ upstream: "a", on: "b", waits: false }]);
  t.deepEqual(dependenciesOf({ a: told(["b"]), b: told(["c"]), c: told([], "a") }), [
    { upstream: "a", on: "b", waits: true },
    { upstream: "b", on: "c", waits: true },
    { upstream: "c", on: "a", waits: false },
  ]);
});

test("a name where an address stands is waited for, a word that is the same makes a link alone", (t) => {
  const db = { POSTGRES_USER: "keycloak", POSTGRES_DB: "keycloak" };
  const told = (env: Record<string, string>, ...command: string[]) => echoPart({ container, env, command });
  const keycloak = told({ KC_DB_URL: "jdbc:postgresql://db:5432/keycloak" });
  t.deepEqual(dependenciesOf({ db: told(db), keycloak }), [{ upstream: "keycloak", on: "db", waits: true }]);
  t.deepEqual(dependenciesOf({ db: told(db), keycloak: told({}) }), [{ upstream: "db", on: "keycloak", waits: false }]);
  const forms: [ReturnType<typeof told>, boolean][] = [
    [told({ PGHOST: "db" }), true],
    [told({ DSN: "shop@db" }), true],
    [told({ BROKERS: "a:1,db:2" }), true],
    [told({}, "serve", "--db-host=db"), true],
    [told({}, "serve", "db"), false],
    [told({ NAME: "db" }), false],
  ];
  for (const [api, waits] of forms)
    t.deepEqual(dependenciesOf({ db: told({}), api }), [{ upstream: "api", on: "db", waits }]);
});

test("who is named twice has one link", (t) => {
  const jobs = echoPart({ container: { ...container, dependsOn: ["db", "db"] } });
  t.deepEqual(dependenciesOf({ db: echoPart({ container }), jobs }), [{ upstream: "jobs", on: "db", waits: true }]);
});

test("a link between two upstreams changes nobody's address", (t) => {
  const api = echoPart({ env: { DB: reference("upstreams.db.host") } });
  const suite = (upstream: typeof api) =>
    linksOf({ target: { replicas: 1 }, upstreams: { api: upstream, db: echoPart() }, ipVersion: 4 });
  const links = suite(api);
  t.deepEqual(addressesOf(links), addressesOf(suite(echoPart())));
  t.deepEqual(interfacesOf(links, "api"), ["up0", "target"]);
  t.deepEqual(interfacesOf(links, "db"), ["target", "from0"]);
});

test("who dials another is started once that is ready, and fails as it does", async (t) => {
  const upstreams = { api: echoPart({ env: { DB: reference("upstreams.db.host") } }), db: echoPart() };
  const told: string[] = [];
  const start = (name: string) => async () => void told.push(name);
  const inTurn = startOrder(upstreams, new AbortController().signal);
  await Promise.all([inTurn("api", start("api")), inTurn("db", start("db"))]);
  t.deepEqual(told, ["db", "api"]);
  await inTurn("api", start("again"));
  t.is(told.at(-1), "again");

  const failing = startOrder(upstreams, new AbortController().signal);
  const api = failing("api", start("never"));
  await t.throwsAsync(
    failing("db", () => Promise.reject(new Error("no db"))),
    { message: "no db" },
  );
  await t.throwsAsync(api, { message: "no db" });
  t.false(told.includes("never"));
});
