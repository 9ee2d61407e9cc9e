import { PreconditionFailedException, ResourceConflictException } from "../../../api/lambda/errors.ts";
import type { FunctionRow } from "../state.ts";
import { functionArn } from "./function-name.ts";

/** Refuses a change while another one is under way. */
export function requireSettled(row: FunctionRow, at: { account: string; region: string }): void {
  const arn = functionArn(at, row.name);
  if (row.state === "Pending") {
    throw new ResourceConflictException({
      Type: "User",
      message:
        "The operation cannot be performed at this time. The function is currently in the following state: Pending",
    });
  }
  if (row.lastUpdateStatus === "InProgress") {
    throw new ResourceConflictException({
      Type: "User",
      message: `The operation cannot be performed at this time. An update is in progress for resource: ${arn}`,
    });
  }
}

/** Refuses a change that was meant for another revision than the present one. */
export function requireRevision(row: { readonly revisionId: string }, revisionId: string | undefined): void {
  if (revisionId === undefined || revisionId === row.revisionId) return;
  throw new PreconditionFailedException({
    Type: "User",
    message:
      "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id",
  });
}
