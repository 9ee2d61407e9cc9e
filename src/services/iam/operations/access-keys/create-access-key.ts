import { LimitExceededException } from "../../../../api/iam/errors.ts";
import type { IAMApi } from "../../../../api/iam/types.ts";
import { toBase64 } from "../../../../base/bytes.ts";
import { newAccessKeyId } from "../../../../kernel/access-key-id.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { requireUser } from "../../entities.ts";
import { accessKeys, users, type AccessKeyRow } from "../../state.ts";
import { callerName } from "../users/get-user.ts";

const keysPerUser = 2;

/** The only time that the secret is told. */
export const createAccessKey: Handler<IAMApi["CreateAccessKey"]> = async (input, ctx) => {
  const row: AccessKeyRow = {
    accessKeyId: newAccessKeyId("AKIA", ctx.account, ctx.ids),
    // 40 characters, as AWS's.
    secretAccessKey: toBase64(ctx.ids.bytes(30)),
    userName: input.UserName ?? callerName(ctx),
    status: "Active",
    createdAt: ctx.clock.now(),
  };
  await ctx.write(async (tx) => {
    const user = await requireUser(tx, row.userName);
    if (user.accessKeyIds.length >= keysPerUser) {
      throw new LimitExceededException({ message: `Cannot exceed quota for AccessKeysPerUser: ${keysPerUser}` });
    }
    tx.put(accessKeys, row);
    tx.put(users, { ...user, accessKeyIds: [...user.accessKeyIds, row.accessKeyId] });
  });
  return {
    AccessKey: {
      UserName: row.userName,
      AccessKeyId: row.accessKeyId,
      Status: row.status,
      SecretAccessKey: row.secretAccessKey,
      CreateDate: new Date(row.createdAt),
    },
  };
};
