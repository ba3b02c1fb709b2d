import { programCases } from "./cases/program.ts";
import { truthTests } from "./truth-tests.ts";

truthTests(programCases);
