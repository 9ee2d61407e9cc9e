import type { STSApi } from "../../../api/sts/types.ts";
import { accountOfAccessKey } from "../../../kernel/access-key-id.ts";
import type { Handler } from "../../../kernel/service.ts";
import { validationError } from "../refusals.ts";

/**
 * The account of an access key id, which the id itself holds; it need not exist.
 * @see https://docs.aws.amazon.com/STS/latest/APIReference/API_GetAccessKeyInfo.html
 */
export const getAccessKeyInfo: Handler<STSApi["GetAccessKeyInfo"]> = async (input) => {
  const account = accountOfAccessKey(input.AccessKeyId);
  if (account === undefined) throw validationError(`The access key id ${input.AccessKeyId} names no account.`);
  return { Account: account };
};
