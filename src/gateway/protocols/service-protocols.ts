import type { AwsError } from "../../api/aws-error.ts";
import type { ServiceModel } from "../../api/model.ts";
import type { HttpResponse } from "../../kernel/http.ts";
import type { RequestHead, ServiceProtocols } from "./protocol.ts";

/** The wire protocols of a service; made once for each model. */
export function serviceProtocols(model: ServiceModel): ServiceProtocols {
  throw new Error(`not written yet: ${model.name}`);
}

/** Refuses a request whose service could not be told, in the form that its client most likely reads. */
export function refuseWithoutService(error: AwsError, head: RequestHead, requestId: string): HttpResponse {
  throw new Error(`not written yet: ${error.code} ${head.path} ${requestId}`);
}
