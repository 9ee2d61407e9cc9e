import type { APIGatewayApi } from "../../../../api/apigateway/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { defined } from "../../defined.ts";
import {
  checkAuthorizationType,
  checkModels,
  checkRequestParameters,
  refuseApiKeyRequired,
  refuseAuthorizer,
  refuseRequestValidator,
} from "../../methods/check-method.ts";
import { describeMethod } from "../../methods/describe-method.ts";
import { applyPatch, namesPath, type PatchPath, readBoolean } from "../../patch.ts";
import { requireMethod, withEntry, withoutEntry } from "../../records.ts";
import { badRequest } from "../../refusals.ts";
import { methods, type MethodRow } from "../../state.ts";

const all = ["add", "remove", "replace"] as const;
const replace = ["replace"] as const;

const paths: readonly PatchPath<MethodRow>[] = [
  {
    path: "/authorizationType",
    ops: replace,
    apply: (row, { value }) => {
      checkAuthorizationType(value);
      return row;
    },
  },
  {
    path: "/apiKeyRequired",
    ops: replace,
    apply: (row, { value }) => (readBoolean(value) ? refuseApiKeyRequired() : row),
  },
  { path: "/authorizerId", ops: replace, apply: (row, { value }) => (value === "" ? row : refuseAuthorizer()) },
  {
    path: "/requestValidatorId",
    ops: replace,
    apply: (row, { value }) => (value === "" ? row : refuseRequestValidator()),
  },
  {
    path: "/operationName",
    ops: replace,
    apply: (row, { value }) => defined({ ...row, operationName: value === "" ? undefined : value }),
  },
  {
    path: "/requestParameters/{name}",
    ops: all,
    apply: (row, { op, key, value }) => {
      const { requestParameters: before, ...rest } = row;
      if (op === "remove") {
        if (!Object.hasOwn(before ?? {}, key)) throw badRequest("Invalid parameter name specified");
        return defined({ ...rest, requestParameters: withoutEntry(before, key) });
      }
      const after = withEntry(before, key, readBoolean(value));
      checkRequestParameters(after);
      return { ...rest, requestParameters: after };
    },
  },
  {
    path: "/requestModels/{contentType}",
    ops: all,
    apply: (row, { op, key, value }) => {
      const { requestModels: before, ...rest } = row;
      if (op === "remove") return defined({ ...rest, requestModels: withoutEntry(before, key) });
      checkModels({ model: value });
      return { ...rest, requestModels: withEntry(before, key, value) };
    },
  },
];

/** @see https://docs.aws.amazon.com/apigateway/latest/api/API_UpdateMethod.html */
export const updateMethod: Handler<APIGatewayApi["UpdateMethod"]> = (input, ctx) =>
  ctx.write(async (tx) => {
    const row = applyPatch(await requireMethod(tx, input), input.patchOperations, paths, namesPath);
    tx.put(methods, row);
    return describeMethod(row);
  });
