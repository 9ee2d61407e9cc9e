import type { AwsError } from "../../api/aws-error.ts";
import type { Protocol, ServiceModel } from "../../api/model.ts";
import type { HttpResponse } from "../../kernel/http.ts";
import { awsCbor } from "./cbor/aws-cbor.ts";
import { rpcV2Cbor } from "./cbor/rpc-v2-cbor.ts";
import { awsJson } from "./json/aws-json.ts";
import type { RequestHead, ServiceProtocols, WireProtocol } from "./protocol.ts";
import { ec2Query, query } from "./query/query.ts";
import { restJson } from "./rest/rest-json.ts";
import { restXml } from "./rest/rest-xml.ts";

/** A protocol as requests tell it: `cbor` is what JSON services speak under `application/x-amz-cbor-1.1`. */
type Spoken = Protocol | "cbor";

const makers: Readonly<Record<Spoken, (model: ServiceModel) => WireProtocol>> = {
  json: awsJson,
  cbor: awsCbor,
  "smithy-rpc-v2-cbor": rpcV2Cbor,
  query,
  ec2: ec2Query,
  "rest-json": restJson,
  "rest-xml": restXml,
};

const known = new WeakMap<ServiceModel, ServiceProtocols>();

/** The wire protocols of a service; made once for each model. */
export function serviceProtocols(model: ServiceModel): ServiceProtocols {
  let protocols = known.get(model);
  if (protocols === undefined) known.set(model, (protocols = makeProtocols(model)));
  return protocols;
}

function makeProtocols(model: ServiceModel): ServiceProtocols {
  const made = new Map<Spoken, WireProtocol>();
  const offered = new Set<Spoken>(model.metadata.protocols);
  if (offered.has("json")) offered.add("cbor");
  const preferredName = model.metadata.protocols[0];
  if (preferredName === undefined) throw new Error(`${model.name}: the model names no protocol`);

  const protocol = (name: Spoken): WireProtocol => {
    let found = made.get(name);
    if (found === undefined) made.set(name, (found = makers[name](model)));
    return found;
  };

  return {
    model,
    get preferred() {
      return protocol(preferredName);
    },
    protocolOf(head) {
      for (const name of spokenIn(head)) if (offered.has(name)) return protocol(name);
      return protocol(preferredName);
    },
  };
}

/** The protocols that a request may be in, the likeliest first; empty where it does not say (REST). */
function spokenIn(head: RequestHead): readonly Spoken[] {
  const { headers } = head;
  if (headers["smithy-protocol"] === "rpc-v2-cbor") return ["smithy-rpc-v2-cbor"];
  const contentType = headers["content-type"] ?? "";
  if (contentType.startsWith("application/x-amz-json-")) return ["json"];
  if (headers["x-amz-target"] !== undefined) {
    return contentType.startsWith("application/x-amz-cbor-") ? ["cbor"] : ["json"];
  }
  if (contentType.startsWith("application/x-www-form-urlencoded")) return ["query", "ec2"];
  return /(?:^|&)Action=/.test(head.query) ? ["query", "ec2"] : [];
}

/** Refuses a request whose service could not be told, in the form that its client most likely reads. */
export function refuseWithoutService(error: AwsError, head: RequestHead, requestId: string): HttpResponse {
  const [spoken] = spokenIn(head);
  const name: Protocol = spoken === undefined || spoken === "cbor" ? "rest-json" : spoken;
  return serviceProtocols(noService(name)).preferred.refuse(error, undefined, requestId);
}

/** A model without operations and shapes, of one protocol. */
function noService(protocol: Protocol): ServiceModel {
  const metadata = {
    apiVersion: "",
    protocols: [protocol],
    endpointPrefix: "",
    signingName: "",
    serviceId: "AWS",
    serviceFullName: "AWS",
  };
  return { name: "aws", metadata, operations: {}, shapes: {} };
}
