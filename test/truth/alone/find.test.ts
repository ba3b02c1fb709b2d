import { findCpuCases } from "../cases/find.ts";
import { findTests } from "../run-find.ts";

findTests(findCpuCases);
