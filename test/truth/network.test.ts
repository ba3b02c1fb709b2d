import { networkCases } from "./cases/network.ts";
import { truthTests } from "./truth-tests.ts";

truthTests(networkCases);
