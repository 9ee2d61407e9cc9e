import type { STSApi } from "../../../api/sts/types.ts";
import type { Handler } from "../../../kernel/service.ts";
import { accessDenied } from "../refusals.ts";

/**
 * Says who calls. Needs no permission.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
 */
export const getCallerIdentity: Handler<STSApi["GetCallerIdentity"]> = async (_input, { principal }) => {
  switch (principal.kind) {
    case "root":
      return { UserId: principal.account, Account: principal.account, Arn: `arn:aws:iam::${principal.account}:root` };
    case "user":
      return { UserId: principal.userId, Account: principal.account, Arn: principal.arn };
    case "assumed-role":
      return {
        UserId: `${principal.roleId}:${principal.sessionName}`,
        Account: principal.account,
        Arn: principal.arn,
      };
    case "federated-user":
      return { UserId: `${principal.account}:${principal.name}`, Account: principal.account, Arn: principal.arn };
    case "service":
    case "anonymous":
      throw accessDenied("Only users, roles and accounts have an identity; sign the request with an access key.");
  }
};
