import type { APIGatewayApi } from "../../../../api/apigateway/types.ts";
import type { Handler } from "../../../../kernel/service.ts";
import { defined } from "../../defined.ts";
import { checkModels, checkResponseParameters } from "../../methods/check-method.ts";
import { describeMethodResponse } from "../../methods/describe-method.ts";
import { applyPatch, namesPath, type PatchPath, readBoolean } from "../../patch.ts";
import { requireMethod, withEntry, withoutEntry } from "../../records.ts";
import { missing } from "../../refusals.ts";
import { methods, type MethodResponseRow } from "../../state.ts";

const all = ["add", "remove", "replace"] as const;

const paths: readonly PatchPath<MethodResponseRow>[] = [
  {
    path: "/responseParameters/{name}",
    ops: all,
    apply: ({ responseParameters: before, ...rest }, { op, key, value }) => {
      if (op === "remove") return defined({ ...rest, responseParameters: withoutEntry(before, key) });
      const after = withEntry(before, key, readBoolean(value));
      checkResponseParameters(after);
      return { ...rest, responseParameters: after };
    },
  },
  {
    path: "/responseModels/{contentType}",
    ops: all,
    apply: ({ responseModels: before, ...rest }, { op, key, value }) => {
      if (op === "remove") return defined({ ...rest, responseModels: withoutEntry(before, key) });
      checkModels({ model: value });
      return { ...rest, responseModels: withEntry(before, key, value) };
    },
  },
];

/** @see https://docs.aws.amazon.com/apigateway/latest/api/API_UpdateMethodResponse.html */
export const updateMethodResponse: Handler<APIGatewayApi["UpdateMethodResponse"]> = (input, ctx) =>
  ctx.write(async (tx) => {
    const { statusCode } = input;
    const row = await requireMethod(tx, input);
    if (!Object.hasOwn(row.responses, statusCode)) throw missing.response();
    const response = applyPatch(row.responses[statusCode]!, input.patchOperations, paths, namesPath);
    tx.put(methods, { ...row, responses: withEntry(row.responses, statusCode, response) });
    return describeMethodResponse(response, statusCode);
  });
