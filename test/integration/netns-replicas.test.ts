import { readdir } from "node:fs/promises";
import { fetchInside, urlOf } from "../helpers/inside.ts";
import { testNeeding } from "../helpers/parts.ts";
import { echoPart, profileOf, reference, suiteOf, withTrialBed } from "../helpers/suites.ts";

for (const ipVersion of [4, 6] as const) {
  testNeeding(
    ["namespaces"],
    `IPv${ipVersion}: every copy of the target is reached, and reaches its upstream`,
    async (t) => {
      const env = {
        UPSTREAM: reference("upstreams.db.address"),
        OWN: reference("target.address"),
        DATA: reference("data"),
      };
      const suite = suiteOf({
        ipVersion,
        target: echoPart({ env, replicas: 2 }),
        upstreams: { db: echoPart({ port: 9000 }) },
      });
      await withTrialBed({ suite }, async (bed, { logFolder }) => {
        for (const role of ["db", "target", "target-2"]) await bed.start(role);
        const hosts = ["target", "target-2"].map((role) => urlOf(bed, role, 8080));
        const told = await Promise.all(hosts.map(async (url) => JSON.parse(await fetchInside(bed, "generator", url))));
        t.deepEqual(
          told.map(({ env }) => `http://${env.OWN}`),
          hosts,
          "each is the target to itself",
        );
        t.not(told[0].env.DATA, told[1].env.DATA);
        t.is(told[1].env.UPSTREAM, told[0].env.UPSTREAM, "one address of the upstream for all");
        const peers = await Promise.all(
          hosts.map(async (url) => JSON.parse(await fetchInside(bed, "generator", `${url}/upstream`)).peer),
        );
        const second = ipVersion === 6 ? "2001:2:0:3::1" : "198.18.3.1";
        t.deepEqual(peers, [ipVersion === 6 ? "2001:2:0:1::1" : "198.18.1.1", second], "each asks from its own link");
        t.true((await readdir(logFolder)).includes("target-2.log"));
      });
    },
  );
}

testNeeding(["namespaces"], "the profile's settings are written and proved in every copy", async (t) => {
  const profile = profileOf({ sysctls: { "net.core.somaxconn": "77" } });
  await withTrialBed({ suite: suiteOf({ target: echoPart({ replicas: 3 }) }), profile }, async (bed) => {
    const asked = (await bed.readBack()).filter(({ key }) => key === "net.core.somaxconn");
    t.deepEqual(
      asked.filter(({ effective }) => effective === "77").map(({ role }) => role),
      ["target", "target-2", "target-3"],
    );
  });
});
