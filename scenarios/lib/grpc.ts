/**
 * Stands in for k6/net/grpc in each script that the harness bundles: the same module, whose streams are told apart from its calls. k6 counts a
 * stream when it is begun, answered or not, and its end as that of a call: how long a stream lives is no answer's time.
 */
import { Counter, Trend } from "k6/metrics";
import standard, * as grpc from "k6/net/grpc";

export * from "k6/net/grpc";

/** From a stream's begin to its first message or, where none comes, to its proper end, ms. */
const answered = new Trend("tunebench_stream_latency", true);
const faults = new Counter("tunebench_stream_faults");

/** What k6 says of a stream that the script itself took back. Source: k6 v2.2.0, lib/netext/grpcext/stream.go. */
const takenBack = "canceled by client (k6)";

function begin(...[client, method, params]: ConstructorParameters<typeof grpc.Stream>): grpc.Stream {
  const tags = { ...params?.tags, tunebench_stream: "1" };
  const stream = new grpc.Stream(client, method, { ...params, tags });
  const beganMs = Date.now();
  let isOpen = true;
  const answer = () => {
    if (isOpen) answered.add(Date.now() - beganMs);
    isOpen = false;
  };
  stream.on("data", answer);
  stream.on("end", answer);
  stream.on("error", (error) => {
    isOpen = false;
    const { code, message } = error as grpc.GrpcError;
    // As a text it would be its name in Go.
    if (message !== takenBack) faults.add(1, { status: String(Number(code)) });
  });
  return stream;
}

/** Called with `new`, a function gives the object that it returns. */
export const Stream = begin as unknown as typeof grpc.Stream;

export default { ...standard, Stream };
