import { healthyCases } from "./cases/healthy.ts";
import { truthTests } from "./truth-tests.ts";

truthTests(healthyCases);
