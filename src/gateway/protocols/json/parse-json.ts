import { decodeUtf8 } from "../../../base/bytes.ts";
import { serializationException } from "../refusals.ts";

/**
 * The value of a JSON body; an empty body is an empty object, as AWS takes it.
 * @throws {AwsError} SerializationException for what is no UTF-8 or no JSON
 */
export function parseJsonBody(body: Uint8Array): unknown {
  if (body.byteLength === 0) return {};
  const text = decodeUtf8(body);
  if (text === undefined) throw serializationException("The request body is not valid UTF-8");
  return parseJsonText(text);
}

export function parseJsonText(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw serializationException("Could not parse the request body as JSON");
  }
}
