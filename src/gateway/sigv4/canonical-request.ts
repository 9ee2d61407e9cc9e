import type { Headers } from "../../kernel/http.ts";

/** The parts of a request that a signature covers. Header values are as node:http gives them: one char per byte. */
export interface SignedParts {
  readonly method: string;
  /** As sent, percent-encoded. */
  readonly path: string;
  /** As sent, without the question mark. */
  readonly query: string;
  readonly headers: Headers;
  /** Every header line, in the order sent. Asked for only where a header may have come several times. */
  readonly rawHeaders: readonly (readonly [name: string, value: string])[];
}

/** S3 signs the path as it is; every other service normalizes it and encodes it once more. */
export type PathStyle = "s3" | "standard";

/**
 * The canonical request that a signature is made over.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function canonicalRequest(
  request: SignedParts,
  signedHeaders: string,
  payloadHash: string,
  style: PathStyle,
): string {
  return (
    `${request.method}\n${style === "s3" ? s3Path(request.path) : standardPath(request.path)}\n` +
    `${request.query === "" ? "" : canonicalQuery(request.query)}\n` +
    `${canonicalHeaders(request, signedHeaders)}\n${signedHeaders}\n${payloadHash}`
  );
}

const plainPath = /^[A-Za-z0-9\-._~/]*$/;

function standardPath(path: string): string {
  if (path === "/" || path === "") return "/";
  const normal = path.includes("//") || path.includes("/.") ? normalize(path) : path;
  return plainPath.test(normal) ? normal : encode(Buffer.from(normal, "latin1"), true);
}

function s3Path(path: string): string {
  return plainPath.test(path) ? path || "/" : encode(percentDecode(path), true);
}

function normalize(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "" || segment === ".") continue;
    if (segment === "..") kept.pop();
    else kept.push(segment);
  }
  const last = path.slice(path.lastIndexOf("/") + 1);
  const slash = kept.length > 0 && (last === "" || last === "." || last === "..") ? "/" : "";
  return `/${kept.join("/")}${slash}`;
}

function canonicalQuery(query: string): string {
  const pairs: [name: string, value: string][] = [];
  for (const part of query.split("&")) {
    if (part === "") continue;
    const at = part.indexOf("=");
    const name = recode(at < 0 ? part : part.slice(0, at));
    if (name === "X-Amz-Signature") continue;
    pairs.push([name, at < 0 ? "" : recode(part.slice(at + 1))]);
  }
  pairs.sort(([nameA, valueA], [nameB, valueB]) =>
    nameA < nameB ? -1 : nameA > nameB ? 1 : valueA < valueB ? -1 : valueA > valueB ? 1 : 0,
  );
  return pairs.map(([name, value]) => `${name}=${value}`).join("&");
}

const plainText = /^[A-Za-z0-9\-._~]*$/;

function recode(text: string): string {
  return plainText.test(text) ? text : encode(percentDecode(text.replaceAll("+", "%20")), false);
}

function canonicalHeaders(request: SignedParts, signedHeaders: string): string {
  let text = "";
  let from = 0;
  while (from <= signedHeaders.length) {
    let to = signedHeaders.indexOf(";", from);
    if (to < 0) to = signedHeaders.length;
    const name = signedHeaders.slice(from, to);
    text += `${name}:${headerValue(request, name)}\n`;
    from = to + 1;
  }
  return text;
}

function headerValue(request: SignedParts, name: string): string {
  // What HTTP/2 has for the host.
  if (name === ":authority") return request.headers["host"] ?? "";
  if (!Object.hasOwn(request.headers, name)) return "";
  const joined = request.headers[name]!;
  // Signers join repeated headers with a bare comma, node:http with comma and space: only the raw lines tell them apart.
  if (!joined.includes(", ")) return trimAll(joined);
  const values: string[] = [];
  for (const [raw, value] of request.rawHeaders) if (raw.toLowerCase() === name) values.push(trimAll(value));
  return values.length > 0 ? values.join(",") : trimAll(joined);
}

function trimAll(value: string): string {
  const trimmed = value.trim();
  return trimmed.includes("  ") || trimmed.includes("\n") || trimmed.includes("\t")
    ? trimmed.replace(/\s+/g, " ")
    : trimmed;
}

/** The bytes of a percent-encoded text whose other chars are one byte each. A `%` that begins no escape stands for itself. */
function percentDecode(text: string): Uint8Array {
  const bytes = Buffer.allocUnsafe(text.length);
  let size = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    const high = code === 0x25 ? hexDigit(text.charCodeAt(at + 1)) : -1;
    const low = high < 0 ? -1 : hexDigit(text.charCodeAt(at + 2));
    if (low >= 0) {
      bytes[size++] = high * 16 + low;
      at += 2;
    } else bytes[size++] = code;
  }
  return bytes.subarray(0, size);
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  if (code >= 0x41 && code <= 0x46) return code - 0x37;
  if (code >= 0x61 && code <= 0x66) return code - 0x57;
  return -1;
}

const escapes = Array.from({ length: 256 }, (_, byte) => {
  const char = String.fromCharCode(byte);
  return plainText.test(char) ? char : `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
});

function encode(bytes: Uint8Array, keepSlashes: boolean): string {
  let text = "";
  for (const byte of bytes) text += keepSlashes && byte === 0x2f ? "/" : escapes[byte];
  return text;
}
