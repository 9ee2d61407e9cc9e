import { AwsError } from "../../../../api/aws-error.ts";
import type { IAMApi } from "../../../../api/iam/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { accessKeys } from "../../state.ts";

/**
 * Tells whose key it is. Uses are not recorded (that would be a write for every request), so the rest is what AWS answers
 * for a key whose use was never tracked.
 */
export const getAccessKeyLastUsed: Handler<IAMApi["GetAccessKeyLastUsed"]> = async (input, ctx) => {
  const row = await ctx.read((snapshot) => snapshot.get(accessKeys, [input.AccessKeyId]));
  if (!row || row.deletedAt !== undefined) {
    const message = `User: is not authorized to perform: iam:GetAccessKeyLastUsed on resource: access key ${input.AccessKeyId}`;
    throw new AwsError({ code: "AccessDenied", status: 403, message });
  }
  return { UserName: row.userName, AccessKeyLastUsed: { ServiceName: "N/A", Region: "N/A" } };
};
