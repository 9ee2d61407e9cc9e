import { EntityAlreadyExistsException } from "../../../../api/iam/errors.ts";
import type { IAMApi } from "../../../../api/iam/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { describePolicy, policyArn } from "../../managed-policies.ts";
import { checkPolicyDocument, checkPolicySize } from "../../policy-documents.ts";
import { policies, type PolicyRow } from "../../state.ts";
import { describeTags, readTags } from "../../tags.ts";

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html */
export const maximumManagedPolicySize = 6144;

export const createPolicy: Handler<IAMApi["CreatePolicy"]> = async (input, ctx) => {
  checkPolicyDocument(input.PolicyDocument, "identity");
  checkPolicySize(input.PolicyDocument, maximumManagedPolicySize, "PolicySize");
  const createdAt = ctx.clock.now();
  const row: PolicyRow = {
    name: input.PolicyName,
    path: input.Path ?? "/",
    id: `ANPA${ctx.ids.base32(17)}`,
    ...(input.Description !== undefined && { description: input.Description }),
    tags: readTags(input.Tags),
    createdAt,
    updatedAt: createdAt,
    defaultVersion: 1,
    nextVersion: 2,
    versions: [{ number: 1, document: input.PolicyDocument, createdAt }],
  };
  await ctx.write(async (tx) => {
    if (await tx.get(policies, [row.name.toLowerCase()])) {
      const message = `A policy called ${row.name} already exists. Duplicate names are not allowed.`;
      throw new EntityAlreadyExistsException({ message });
    }
    tx.put(policies, row);
  });
  const policy = describePolicy(policyArn(ctx.account, row), row, { attached: 0, boundary: 0 }, "listed");
  return { Policy: { ...policy, ...(row.tags.length > 0 && { Tags: describeTags(row.tags) }) } };
};
