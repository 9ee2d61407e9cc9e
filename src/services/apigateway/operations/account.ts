import type { Account, APIGatewayApi } from "../../../api/apigateway/types.ts";
import { parseArn } from "../../../base/arn.ts";
import type { Handler } from "../../../kernel/service.ts";
import { applyPatch, listsPaths, type PatchPath } from "../patch.ts";
import { badRequest } from "../refusals.ts";
import { accounts, type AccountRow } from "../state.ts";

/** @see https://docs.aws.amazon.com/apigateway/latest/api/API_GetAccount.html */
export const getAccount: Handler<APIGatewayApi["GetAccount"]> = async (_, ctx) =>
  describe((await ctx.read((snapshot) => snapshot.get(accounts, []))) ?? {});

const paths: readonly PatchPath<AccountRow>[] = [
  {
    path: "/cloudwatchRoleArn",
    ops: ["replace", "remove"],
    apply: (_, { op, value }) => {
      if (op === "remove" || value === "") return {};
      const role = parseArn(value);
      if (role?.service !== "iam" || !role.resource.startsWith("role/")) {
        throw badRequest(
          "The role ARN does not have required permissions configured. Please grant trust permission for API Gateway and add the required role policy.",
        );
      }
      return { cloudwatchRoleArn: value };
    },
  },
];

/**
 * The role with which logs are written is kept; no logs are written yet.
 * @see https://docs.aws.amazon.com/apigateway/latest/api/API_UpdateAccount.html
 */
export const updateAccount: Handler<APIGatewayApi["UpdateAccount"]> = (input, ctx) =>
  ctx.write(async (tx) => {
    const row = applyPatch((await tx.get(accounts, [])) ?? {}, input.patchOperations, paths, listsPaths);
    tx.put(accounts, row);
    return describe(row);
  });

function describe(row: AccountRow): Account {
  return {
    ...(row.cloudwatchRoleArn !== undefined && { cloudwatchRoleArn: row.cloudwatchRoleArn }),
    throttleSettings: { burstLimit: 5000, rateLimit: 10_000 },
    features: ["UsagePlans"],
    apiKeyVersion: "4",
  };
}
