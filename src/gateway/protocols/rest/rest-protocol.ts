import type { AwsError } from "../../../api/aws-error.ts";
import type { OperationModel, ServiceModel } from "../../../api/model.ts";
import type { HttpResponse } from "../../../kernel/http.ts";
import { onceByName, operationOf } from "../operations.ts";
import type { OperationCodec, RequestHead, WireProtocol } from "../protocol.ts";
import { parseQuery } from "./input-bindings.ts";
import { compileRouter } from "./router.ts";
import type { Router } from "./router.ts";

/** What differs between the REST protocols. */
export interface RestVariant {
  readonly name: "rest-json" | "rest-xml";
  codec(operation: OperationModel): OperationCodec;
  /** No operation has this method and path. */
  unknown(head: RequestHead): AwsError;
  refuse(error: AwsError, requestId: string): HttpResponse;
}

export function restProtocol(model: ServiceModel, variant: RestVariant): WireProtocol {
  let router: Router | undefined;
  const operation = onceByName((name) => {
    const found = operationOf(model, name);
    return found === undefined ? undefined : variant.codec(found);
  });
  return {
    name: variant.name,
    model,
    namesOperationInBody: () => false,
    operation,
    findOperation(head) {
      router ??= compileRouter(model);
      const query = parseQuery(head.query);
      const route = router.find(head.method, head.path, query, head.headers);
      if (route === undefined) throw variant.unknown(head);
      return { operation: operation(route.operation)!, labels: route.labels };
    },
    refuse: (error, _operation, requestId) => variant.refuse(error, requestId),
  };
}
