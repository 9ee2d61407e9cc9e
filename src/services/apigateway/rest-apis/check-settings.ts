import type { EndpointConfiguration } from "../../../api/apigateway/types.ts";
import { badRequest, notImplemented } from "../refusals.ts";
import type { RestApiRow } from "../state.ts";

/** REGIONAL and EDGE are answered alike; a PRIVATE API may be reached from its VPC only, which is not built. */
export function readEndpointConfiguration(
  given: EndpointConfiguration | undefined,
): RestApiRow["endpointConfiguration"] {
  const types = given?.types ?? ["EDGE"];
  if (types.length !== 1) throw badRequest("Cannot create an api with multiple Endpoint Types");
  const [type] = types;
  if (type === "PRIVATE" || (given?.vpcEndpointIds?.length ?? 0) > 0) {
    throw notImplemented("the endpoint type PRIVATE", "Use REGIONAL.");
  }
  return { types: [type!], ipAddressType: given?.ipAddressType ?? "ipv4" };
}

export function checkName(name: string): void {
  if (name.trim() === "") throw badRequest("Name cannot be an empty string");
}

export function checkDescription(description: string | undefined): void {
  if (description === "") throw badRequest("Description cannot be an empty string");
}

const maxCompressionSize = 10_485_760;

/** Answers are not compressed yet, so only "never" can be kept. */
export function refuseCompression(size: number): never {
  if (!(size >= 0 && size <= maxCompressionSize)) {
    throw badRequest("Invalid minimum compression size, must be between 0 and 10485760");
  }
  throw notImplemented("minimumCompressionSize", "Leave it out; answers are sent as they are.");
}

const maxTags = 50;

/** @see https://docs.aws.amazon.com/tag-editor/latest/userguide/best-practices-and-strats.html */
export function checkTags(tags: Readonly<Record<string, string>>): void {
  const entries = Object.entries(tags);
  if (entries.length > maxTags) throw badRequest(`The number of tags exceeds the limit of ${maxTags}`);
  for (const [key, value] of entries) {
    if (key === "" || key.length > 128 || value.length > 256 || key.startsWith("aws:")) {
      throw badRequest(`Invalid tag: ${key.slice(0, 128)}`);
    }
  }
}
