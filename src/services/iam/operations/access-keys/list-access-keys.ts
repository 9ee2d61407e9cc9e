import type { IAMApi } from "../../../../api/iam/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { requireUser } from "../../entities.ts";
import { compareKeys, takePage } from "../../pages.ts";
import { accessKeys, type AccessKeyRow } from "../../state.ts";
import { callerName } from "../users/get-user.ts";

export const listAccessKeys: Handler<IAMApi["ListAccessKeys"]> = (input, ctx) =>
  ctx.read(async (snapshot) => {
    // Root has no user row, and no keys that IAM made.
    if (input.UserName === undefined && ctx.principal.kind === "root") {
      return { AccessKeyMetadata: [], IsTruncated: false };
    }
    const user = await requireUser(snapshot, input.UserName ?? callerName(ctx));
    const rows: AccessKeyRow[] = [];
    for (const id of user.accessKeyIds.toSorted(compareKeys)) rows.push((await snapshot.get(accessKeys, [id]))!);
    const { items, page } = await takePage(rows, (row) => row.accessKeyId, input);
    return {
      AccessKeyMetadata: items.map((row) => ({
        UserName: row.userName,
        AccessKeyId: row.accessKeyId,
        Status: row.status,
        CreateDate: new Date(row.createdAt),
      })),
      ...page,
    };
  });
