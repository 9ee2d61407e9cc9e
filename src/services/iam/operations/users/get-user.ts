import { AwsError } from "../../../../api/aws-error.ts";
import type { IAMApi } from "../../../../api/iam/types.ts";
import type { RequestContext } from "../../../../kernel/context.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { describeUser, requireUser } from "../../entities.ts";

export const getUser: Handler<IAMApi["GetUser"]> = async (input, ctx) => {
  if (input.UserName === undefined && ctx.principal.kind === "root") {
    const { account } = ctx.principal;
    // AWS gives the root user its account's number as id, and no name.
    const root = { Path: "/", UserId: account, Arn: `arn:aws:iam::${account}:root`, CreateDate: new Date(0) };
    return { User: root as typeof root & { UserName: string } };
  }
  const name = input.UserName ?? callerName(ctx);
  return ctx.read(async (snapshot) => ({ User: describeUser(ctx.account, await requireUser(snapshot, name), "full") }));
};

/** The user that an operation means when it names none: whoever calls. */
export function callerName(ctx: RequestContext): string {
  if (ctx.principal.kind === "user") return ctx.principal.userName;
  const message = "Must specify userName when calling with non-User credentials";
  throw new AwsError({ code: "ValidationError", status: 400, message });
}
