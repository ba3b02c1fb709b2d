import { upstreamCases } from "./cases/upstreams.ts";
import { truthTests } from "./truth-tests.ts";

truthTests(upstreamCases);
