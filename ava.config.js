export default {
  extensions: ["ts"],
  timeout: "5m",
  files: ["test/**/*.test.ts"],
  nodeArguments: [],
  require: ["./test/helpers/file-time.ts"],
};
