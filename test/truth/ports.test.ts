import { portCases } from "./cases/ports.ts";
import { truthTests } from "./truth-tests.ts";

truthTests(portCases);
