/** What a JSON or CBOR value is, in the words of AWS's messages. */
export function tokenOf(value: unknown): string {
  if (value === true) return "TRUE_VALUE";
  if (value === false) return "FALSE_VALUE";
  if (typeof value === "number" || typeof value === "bigint") return "NUMBER_VALUE";
  return "STRING_VALUE";
}

export type ScalarName = "String" | "Integer" | "Long" | "Float" | "Double" | "Boolean" | "Blob" | "Date";

/** How services word a value of the wrong type. */
export interface Wording {
  scalar(expected: ScalarName, value: unknown): string;
  list(value: unknown, element: string): string;
  map(value: unknown): string;
  structure(value: unknown, shape: string): string;
  base64(text: string): string;
}

const structureFound = "Start of structure or map found where not expected";

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null && !(value instanceof Uint8Array) && !(value instanceof Date);
}

/** What most services of the JSON and CBOR protocols say; seen from Athena, SQS, Kinesis and CloudWatch Logs. */
export const commonWording: Wording = {
  scalar(expected, value) {
    if (Array.isArray(value)) return "Start of list found where not expected";
    if (isObject(value)) return `${structureFound}.`;
    const article = expected === "Integer" ? "an" : "a";
    return `${tokenOf(value)} can not be converted to ${article} ${expected}`;
  },
  list(value) {
    return isObject(value) ? `${structureFound}.` : "Expected list or null";
  },
  map(value) {
    return Array.isArray(value) ? "Start of list found where not expected" : "Expected map or null";
  },
  structure(value) {
    return Array.isArray(value) ? "Start of list found where not expected" : "Expected null";
  },
  base64() {
    return "Invalid Base64 encoding found where not expected";
  },
};

const javaClasses: Readonly<Record<ScalarName, string>> = {
  String: "java.lang.String",
  Integer: "java.lang.Integer",
  Long: "java.lang.Long",
  Float: "java.lang.Float",
  Double: "java.lang.Double",
  Boolean: "java.lang.Boolean",
  Blob: "java.nio.ByteBuffer",
  Date: "java.util.Date",
};

/** What DynamoDB says. */
export const dynamodbWording: Wording = {
  scalar(expected, value) {
    if (Array.isArray(value)) return `Unrecognized collection type class ${javaClasses[expected]}`;
    if (isObject(value)) return structureFound;
    if (expected === "Blob") return "Only base-64-encoded strings are convertible to bytes";
    if (expected === "Boolean" && typeof value === "string") return "Unexpected token received from parser";
    return `${tokenOf(value)} cannot be converted to ${expected}`;
  },
  list(value) {
    return isObject(value) ? structureFound : "Unexpected field type";
  },
  map(value) {
    return Array.isArray(value) ? "Unrecognized collection type java.util.Map" : "Unexpected field type";
  },
  structure(value, shape) {
    return Array.isArray(value)
      ? `Unrecognized collection type class com.amazonaws.dynamodb.v20120810.${shape}`
      : "Unexpected value type in payload";
  },
  base64(text) {
    if (text.length % 4 !== 0) {
      return `Base64 encoded length is expected a multiple of 4 bytes but found: ${text.length}`;
    }
    return "Invalid last non-pad Base64 character dectected";
  },
};

export function wordingOf(service: string): Wording {
  return service === "dynamodb" || service === "dynamodbstreams" ? dynamodbWording : commonWording;
}
