import { jsonText } from "../../core/text.ts";
import { command } from "../code-spans.ts";
import type { Platform } from "../platform.ts";
import { nodesCheck, poolKey, taintOf, taintWords } from "../pool.ts";
import { sysctlFileName } from "../sysctl-file.ts";
import { terraform, terraformWords } from "../terraform.ts";
import { nodeTrap } from "../traps.ts";
import { al2Words, mergeUserData, nodeConfigList } from "../user-data.ts";
import { locationIn } from "./allowlist-file.ts";

/** EKS managed node group, AL2023: the NodeConfig travels in the launch template's user data. */
export const eksManaged: Platform = {
  title: "EKS managed node group (AL2023)",
  reaches: "pods",
  from: { what: "the launch template's user data, decoded from base64", isYaml: () => false },
  owns: () => false,
  plan(selection, from) {
    const { value } = taintOf(selection.name);
    const userData = { name: "1-user-data.mime", text: mergeUserData(from?.text ?? null, selection, from?.name ?? "") };
    const taint = { key: poolKey, value, effect: "NO_SCHEDULE" };
    const group = {
      labels: { addOrUpdateLabels: { [poolKey]: value } },
      taints: { addOrUpdateTaints: [taint] },
    };
    const json = { name: "2-nodegroup.json", text: jsonText(group) };
    const template = [
      `jq --null-input --arg data "$(base64 --wrap=0 ${userData.name})" '{UserData: $data}' > launch-template-data.json`,
      "aws ec2 create-launch-template-version --launch-template-id YOUR_TEMPLATE --source-version OLD_VERSION --launch-template-data file://launch-template-data.json",
    ];
    return {
      files: [userData, json],
      allowlistIn: [locationIn(userData.name, nodeConfigList)],
      nodeSettingsIn: [locationIn(userData.name, [sysctlFileName])],
      first:
        "Begin with a group of one node beside yours, made from the new version of the template with the same label and taint, and one pod of the workload there; then the group itself, whose `updateConfig.maxUnavailable` says how many nodes go at once.",
      steps: [
        `Keep what is there: the group's version of the template (OLD_VERSION below), and its user data, which is what \`--from\` takes.\n${command(
          "aws eks describe-nodegroup --cluster-name YOUR_CLUSTER --nodegroup-name YOUR_GROUP --query nodegroup.launchTemplate",
          "aws ec2 describe-launch-template-versions --launch-template-id YOUR_TEMPLATE --versions OLD_VERSION --query 'LaunchTemplateVersions[0].LaunchTemplateData.UserData' --output text | base64 --decode > user-data.mime",
        )}`,
        `A version of the launch template with this user data; all else of it stays.${from === null ? " It replaces what user data there is: with `--from` it is merged." : ""}\n${command(...template)}`,
        `${terraformWords}\n${terraform(userData.name, { name: value })}`,
        `The group takes the new version.\n${command("aws eks update-nodegroup-version --cluster-name YOUR_CLUSTER --nodegroup-name YOUR_GROUP --launch-template id=YOUR_TEMPLATE,version=NEW_VERSION")}`,
        `Label and taint of the group.\n${command(`aws eks update-nodegroup-config --cluster-name YOUR_CLUSTER --nodegroup-name YOUR_GROUP --cli-input-json file://${json.name}`)}`,
      ],
      nodes: `The new version replaces every node of the group, within its update settings. Label and taint come onto its nodes without that. A group that has no launch template can't be given one: it needs a new group. ${taintWords}`,
      verify: [nodesCheck(selection.name)],
      undo: [
        `The version before, which replaces the nodes once more; then label and taint.\n${command("aws eks update-nodegroup-version --cluster-name YOUR_CLUSTER --nodegroup-name YOUR_GROUP --launch-template id=YOUR_TEMPLATE,version=OLD_VERSION", `aws eks update-nodegroup-config --cluster-name YOUR_CLUSTER --nodegroup-name YOUR_GROUP --labels removeLabels=${poolKey} --taints 'removeTaints=[{key=${poolKey},value=${value},effect=NO_SCHEDULE}]'`)}`,
      ],
      notes: [
        `${al2Words} Of a managed group: \`aws eks describe-nodegroup --cluster-name YOUR_CLUSTER --nodegroup-name YOUR_GROUP --query nodegroup.amiType\` begins with AL2023.`,
      ],
      traps: [nodeTrap("user data (`sysctl -w`, /etc/sysctl.conf)")],
    };
  },
};
