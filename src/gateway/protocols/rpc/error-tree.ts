import type { AwsError } from "../../../api/aws-error.ts";
import type { ServiceModel } from "../../../api/model.ts";
import { wireError } from "../errors-on-wire.ts";
import type { TreeWriters } from "../tree/tree-writer.ts";

/** Where services say more than the name of an error. The others send the bare name. */
const namespaces: Readonly<Record<string, string>> = {
  dynamodb: "com.amazonaws.dynamodb.v20120810",
  dynamodbstreams: "com.amazonaws.dynamodb.v20120810",
  sqs: "com.amazonaws.sqs",
};

/** `__type`, the message under its modelled name, and the modelled members. */
export function errorTree(model: ServiceModel, writers: TreeWriters, error: AwsError): Record<string, unknown> {
  const { shape, shapeName, members, messageMember } = wireError(model, error);
  const tree: Record<string, unknown> = { __type: errorType(model, shape !== undefined, shapeName) };
  if (shape !== undefined) {
    if (error.message !== "") tree[messageMember] = error.message;
    return Object.assign(tree, writers.structure(shape)(members));
  }
  // Coral's own refusal of a body spells it with a capital.
  if (error.message !== "") tree[shapeName === "SerializationException" ? "Message" : "message"] = error.message;
  return tree;
}

function errorType(model: ServiceModel, modelled: boolean, name: string): string {
  const namespace = Object.hasOwn(namespaces, model.name) ? namespaces[model.name] : undefined;
  if (namespace === undefined) return name;
  if (modelled) return `${namespace}#${name}`;
  return name === "ValidationException" ? `com.amazon.coral.validate#${name}` : `com.amazon.coral.service#${name}`;
}

/** What clients of services that once spoke the query protocol know errors by. */
export function queryErrorHeader(model: ServiceModel, error: AwsError): [string, string][] {
  if (model.metadata.queryCompatible !== true) return [];
  const { code, sender } = wireError(model, error);
  return [["x-amzn-query-error", `${code};${sender ? "Sender" : "Receiver"}`]];
}
