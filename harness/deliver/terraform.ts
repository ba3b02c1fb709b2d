import { fenced } from "./code-spans.ts";
import { poolKey } from "./pool.ts";

/**
 * A launch template with a delivery's user data, and the group that takes it, as text for a configuration of Terraform's (AWS provider:
 * aws_launch_template, aws_eks_node_group). `group`: label and taint are the group's, and not the user data's.
 */
export function terraform(userData: string, group: { name: string } | null): string {
  const mark = (name: string) => [
    "  labels = {",
    `    "${poolKey}" = "${name}"`,
    "  }",
    "  taint {",
    `    key    = "${poolKey}"`,
    `    value  = "${name}"`,
    '    effect = "NO_SCHEDULE"',
    "  }",
  ];
  return fenced("hcl", [
    'resource "aws_launch_template" "YOUR_TEMPLATE" {',
    `  user_data = filebase64("\${path.module}/${userData}")`,
    "}",
    "",
    'resource "aws_eks_node_group" "YOUR_GROUP" {',
    ...(group === null ? [] : mark(group.name)),
    "  launch_template {",
    "    id      = aws_launch_template.YOUR_TEMPLATE.id",
    "    version = aws_launch_template.YOUR_TEMPLATE.latest_version",
    "  }",
    "}",
  ]);
}

/** What stands before it: a step of a plan. */
export const terraformWords =
  "Where Terraform makes the launch template and its group, it says the same: these lines go into yours, and nothing is done by hand.";
