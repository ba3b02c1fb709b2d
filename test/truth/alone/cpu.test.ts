import { cpuCases } from "../cases/cpu.ts";
import { truthTests } from "../truth-tests.ts";

truthTests(cpuCases);
