import { textOf, type Value } from "../../../languages/vtl/value.ts";
import { parseJson } from "./parse-json.ts";

/**
 * The methods of `$util`.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-mapping-template-reference.html#util-template-reference
 */
export const utilMethods: ReadonlyMap<string, (args: readonly Value[]) => Value> = new Map<
  string,
  (args: readonly Value[]) => Value
>([
  ["escapeJavaScript", ([text]) => (isAbsent(text) ? undefined : escapeJavaScript(textOf(text)))],
  ["parseJson", ([text]) => (isAbsent(text) ? undefined : parseJson(textOf(text)))],
  ["urlEncode", ([text]) => (isAbsent(text) ? undefined : urlEncode(textOf(text)))],
  ["urlDecode", ([text]) => (isAbsent(text) ? undefined : urlDecode(textOf(text)))],
  ["base64Encode", ([text]) => (isAbsent(text) ? undefined : Buffer.from(textOf(text)).toString("base64"))],
  ["base64Decode", ([text]) => (isAbsent(text) ? undefined : Buffer.from(textOf(text), "base64").toString())],
]);

function isAbsent(value: Value): boolean {
  return value === undefined || value === null;
}

const named: Readonly<Record<string, string>> = {
  "\b": "\\b",
  "\n": "\\n",
  "\t": "\\t",
  "\f": "\\f",
  "\r": "\\r",
};

/** As Java's StringEscapeUtils does it: single quotes and slashes too, and all that is not ASCII. */
function escapeJavaScript(text: string): string {
  return text.replace(
    // oxlint-disable-next-line no-control-regex
    /["'\\/]|[\u0000-\u001f\u007f-\uffff]/g,
    (char) =>
      named[char] ??
      (/["'\\/]/.test(char) ? `\\${char}` : `\\u${char.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`),
  );
}

function urlEncode(text: string): string {
  return new URLSearchParams([["", text]]).toString().slice(1);
}

function urlDecode(text: string): string {
  return new URLSearchParams(`a=${text.replaceAll("&", "%26")}`).get("a")!;
}
