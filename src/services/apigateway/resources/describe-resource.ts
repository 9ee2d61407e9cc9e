import type { Resource } from "../../../api/apigateway/types.ts";
import { describeMethod } from "../methods/describe-method.ts";
import type { MethodRow, ResourceRow } from "../state.ts";

/** Methods come as bare names unless they are asked for with `embed=methods`. */
export function describeResource(row: ResourceRow, methods: readonly MethodRow[], embedMethods = false): Resource {
  const { apiId: _, ...same } = row;
  return {
    ...same,
    ...(methods.length > 0 && {
      resourceMethods: Object.fromEntries(
        methods.map((method) => [method.httpMethod, embedMethods ? describeMethod(method) : {}]),
      ),
    }),
  };
}
