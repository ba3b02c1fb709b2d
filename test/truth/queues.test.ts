import { queueCases } from "./cases/queues.ts";
import { truthTests } from "./truth-tests.ts";

truthTests(queueCases);
