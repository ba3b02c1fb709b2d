import { wordCases } from "./cases/words.ts";
import { truthTests } from "./truth-tests.ts";

truthTests(wordCases);
