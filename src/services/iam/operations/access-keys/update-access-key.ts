import { InvalidInputException, NoSuchEntityException } from "../../../../api/iam/errors.ts";
import type { IAMApi } from "../../../../api/iam/types.ts";
import type { Snapshot } from "../../../../kernel/records.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { accessKeys, type AccessKeyRow } from "../../state.ts";
import { callerName } from "../users/get-user.ts";

export const updateAccessKey: Handler<IAMApi["UpdateAccessKey"]> = async (input, ctx) => {
  const status = input.Status;
  if (status !== "Active" && status !== "Inactive") {
    throw new InvalidInputException({ message: `An access key can be made Active or Inactive, not ${status}.` });
  }
  await ctx.write(async (tx) => {
    const row = await requireAccessKey(tx, input.UserName ?? callerName(ctx), input.AccessKeyId);
    tx.put(accessKeys, { ...row, status });
  });
  return {};
};

export async function requireAccessKey(snapshot: Snapshot, userName: string, id: string): Promise<AccessKeyRow> {
  const row = await snapshot.get(accessKeys, [id]);
  if (row?.userName === userName && row.deletedAt === undefined) return row;
  throw new NoSuchEntityException({ message: `The Access Key with id ${id} cannot be found.` });
}
