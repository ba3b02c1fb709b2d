import { options, request } from "../lib/k6.ts";

export { options };

export default function () {
  request("/");
}
