/** What `tunebench find` comes to on real services without a profile: minutes each, with --all alone. */
import { findCases, findCpuCases } from "../cases/find.ts";
import { findTest } from "../run-find.ts";

for (const one of [...findCases, ...findCpuCases]) findTest(one);
