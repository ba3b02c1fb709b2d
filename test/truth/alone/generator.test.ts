import { generatorCases } from "../cases/generator.ts";
import { truthTests } from "../truth-tests.ts";

truthTests(generatorCases);
