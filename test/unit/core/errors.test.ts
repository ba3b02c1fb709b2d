import test from "ava";
import { CapabilityError, IncompleteError, InputError } from "../../../harness/core/errors.ts";

test("each expected error carries its exit code and hint", (t) => {
  t.like(new InputError("bad", { hint: "good" }), { exitCode: 2, hint: "good", name: "InputError" });
  t.like(new CapabilityError("no ip", { hint: "apt-get install iproute2" }), { exitCode: 3 });
  t.like(new IncompleteError("gone"), { exitCode: 4, hint: null });
});
