import { ipcNamespaces, kernelSysctl, perIpc, type Setting, safeList } from "../setting.ts";

/** System V and POSIX IPC: [key, what it is, the default as a new namespace of Linux 6.18 has it]. */
const limits: [key: string, summary: string, value: string][] = [
  ["kernel.shmmax", "the largest segment of shared memory, bytes", "18446744073692774399"],
  ["kernel.shmall", "all shared memory together, pages", "18446744073692774399"],
  ["kernel.shmmni", "segments of shared memory", "4096"],
  ["kernel.msgmax", "the largest message of a queue, bytes", "8192"],
  ["kernel.msgmnb", "bytes that one message queue holds", "16384"],
  ["kernel.msgmni", "message queues", "32000"],
  ["kernel.sem", "semaphores: in a set, in all, of a call, sets", "32000 1024000000 500 32000"],
  ["fs.mqueue.msg_max", "messages that a POSIX queue may hold", "10"],
  ["fs.mqueue.msg_default", "the same, where it asks for nothing", "10"],
  ["fs.mqueue.msgsize_max", "largest message of a POSIX queue, bytes", "8192"],
  ["fs.mqueue.msgsize_default", "the same, where it asks for nothing, bytes", "8192"],
  ["fs.mqueue.queues_max", "POSIX message queues", "256"],
];

/** What each IPC namespace has for itself. */
export const ipcSettings: Setting[] = [
  {
    key: "kernel.shm_rmid_forced",
    area: "ipc",
    summary: "destroy shared memory that nobody uses",
    bounds: ["1: a segment goes with its last process, as if each had called shmctl(IPC_RMID)."],
    defaults: [{ value: "0", when: "" }],
    read: { moment: "always", meaning: "A change to 1 clears what is orphaned already." },
    scope: perIpc,
    safe: { sinceMinor: 0, kernel: null },
    worthTrying: [],
    traps: [],
    watch: null,
    sources: [kernelSysctl, safeList],
  },
  ...limits.map(
    ([key, summary, value]): Setting => ({
      key,
      area: "ipc",
      summary,
      bounds: [],
      defaults: [{ value, when: "seen on 6.18" }],
      read: null,
      scope: perIpc,
      safe: null,
      worthTrying: [],
      traps: [],
      watch: null,
      sources: [ipcNamespaces, key.startsWith("fs.") ? "mq_overview(7)" : kernelSysctl],
    }),
  ),
];
