import type { Headers } from "../../kernel/http.ts";

/** What a request says of who signed it, for what, when. Nothing of it is verified yet. */
export interface Signature {
  /** Where it stood: the `Authorization` header, or the query of a presigned URL. */
  readonly form: "header" | "query";
  readonly accessKeyId: string;
  /** The credential scope's parts: `20150830`, `us-east-1`, `dynamodb`. */
  readonly date: string;
  readonly region: string;
  readonly service: string;
  /** Names in lower case, as sent: `host;x-amz-date`. */
  readonly signedHeaders: string;
  /** 64 hexadecimal digits when well formed. */
  readonly signature: string;
  /** `20150830T123600Z`, or empty when the request carries no date. */
  readonly signedAt: string;
  readonly sessionToken: string | undefined;
  /** How long a presigned URL is good for. */
  readonly expiresSeconds: number | undefined;
  /** What is wrong with its form, in AWS's words. Such a signature still tells service and region. */
  readonly malformed: string | undefined;
}

const algorithm = "AWS4-HMAC-SHA256";

/**
 * Reads the signature of a request, or answers undefined when it carries none.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html
 */
export function findSignature(headers: Headers, query: string): Signature | undefined {
  const authorization = headers["authorization"];
  if (authorization !== undefined) {
    if (authorization.startsWith("AWS4-HMAC-SHA256")) return fromHeader(authorization, headers);
    if (authorization.startsWith("AWS4-ECDSA-P256-SHA256")) return unsupported(authorization, headers);
    return undefined;
  }
  if (query !== "" && query.includes("X-Amz-")) return fromQuery(query);
  return undefined;
}

function fromHeader(authorization: string, headers: Headers): Signature {
  const credential = parameter(authorization, "Credential=");
  const signedHeaders = parameter(authorization, "SignedHeaders=");
  const signature = parameter(authorization, "Signature=");
  const signedAt = headers["x-amz-date"] ?? basicDate(headers["date"]);
  let malformed = "";
  if (credential === "") malformed += "Authorization header requires 'Credential' parameter. ";
  if (signature === "") malformed += "Authorization header requires 'Signature' parameter. ";
  if (signedHeaders === "") malformed += "Authorization header requires 'SignedHeaders' parameter. ";
  if (signedAt === "") {
    malformed += "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ";
  }
  if (malformed !== "") malformed += `Authorization=${algorithm}`;
  return withScope(credential, {
    form: "header",
    signedHeaders,
    signature,
    signedAt,
    sessionToken: headers["x-amz-security-token"],
    expiresSeconds: undefined,
    malformed,
  });
}

function fromQuery(query: string): Signature | undefined {
  const values = new URLSearchParams(query);
  const credential = values.get("X-Amz-Credential") ?? "";
  const signature = values.get("X-Amz-Signature") ?? "";
  if (credential === "" && signature === "") return undefined;
  const expires = values.get("X-Amz-Expires");
  const signedHeaders = values.get("X-Amz-SignedHeaders") ?? "";
  const signedAt = values.get("X-Amz-Date") ?? "";
  const missing = [
    values.get("X-Amz-Algorithm") ? "" : "X-Amz-Algorithm",
    credential ? "" : "X-Amz-Credential",
    signature ? "" : "X-Amz-Signature",
    signedHeaders ? "" : "X-Amz-SignedHeaders",
    signedAt ? "" : "X-Amz-Date",
  ].filter((name) => name !== "");
  let malformed = missing.map((name) => `AWS query-string parameters must include '${name}'. `).join("");
  if (malformed !== "") malformed += "Re-examine the query-string parameters.";
  else if (values.get("X-Amz-Algorithm") !== algorithm) {
    malformed = `X-Amz-Algorithm only supports "${algorithm}" here.`;
  }
  const expiresSeconds = expires === null ? undefined : /^\d{1,9}$/.test(expires) ? Number(expires) : Number.NaN;
  if (malformed === "" && expiresSeconds !== undefined) {
    if (Number.isNaN(expiresSeconds)) malformed = "X-Amz-Expires should be a number";
    else if (expiresSeconds > 604_800)
      malformed =
        "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds";
  }
  return withScope(credential, {
    form: "query",
    signedHeaders,
    signature,
    signedAt,
    sessionToken: values.get("X-Amz-Security-Token") ?? undefined,
    expiresSeconds,
    malformed,
  });
}

/** SigV4A is made with a public key that only AWS's own services know how to derive for a credential of theirs. */
function unsupported(authorization: string, headers: Headers): Signature {
  const region = headers["x-amz-region-set"] ?? "";
  const [accessKeyId = "", date = "", service = ""] = parameter(authorization, "Credential=").split("/");
  return {
    form: "header",
    accessKeyId,
    date,
    region: region.includes("*") || region.includes(",") ? "" : region,
    service,
    signedHeaders: "",
    signature: "",
    signedAt: headers["x-amz-date"] ?? "",
    sessionToken: headers["x-amz-security-token"],
    expiresSeconds: undefined,
    malformed:
      "Signature Version 4A (AWS4-ECDSA-P256-SHA256) is not supported here. Sign with AWS4-HMAC-SHA256: set the client's " +
      "sigv4a signing region set to nothing, or choose a single-region endpoint.",
  };
}

type Rest = Omit<Signature, "accessKeyId" | "date" | "region" | "service" | "malformed"> & { malformed: string };

function withScope(credential: string, rest: Rest): Signature {
  // From the right, because lenient mode takes any access key id, even one with slashes.
  const end = credential.length;
  const d = credential.lastIndexOf("/");
  const c = d < 1 ? -1 : credential.lastIndexOf("/", d - 1);
  const b = c < 1 ? -1 : credential.lastIndexOf("/", c - 1);
  const a = b < 1 ? -1 : credential.lastIndexOf("/", b - 1);
  const whole = a > 0 && credential.slice(d + 1, end) === "aws4_request";
  let malformed = rest.malformed;
  if (malformed === "" && !whole) {
    malformed = `Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/aws4_request, got '${credential}'`;
  } else if (malformed === "" && !rest.signedAt.startsWith(credential.slice(a + 1, b))) {
    malformed =
      "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: " +
      `'${credential.slice(a + 1, b)}' != '${rest.signedAt.slice(0, 8)}', from '${rest.signedAt}'.`;
  }
  return {
    form: rest.form,
    accessKeyId: whole ? credential.slice(0, a) : "",
    date: whole ? credential.slice(a + 1, b) : "",
    region: whole ? credential.slice(b + 1, c) : "",
    service: whole ? credential.slice(c + 1, d) : "",
    signedHeaders: rest.signedHeaders,
    signature: rest.signature,
    signedAt: rest.signedAt,
    sessionToken: rest.sessionToken,
    expiresSeconds: rest.expiresSeconds,
    malformed: malformed === "" ? undefined : malformed,
  };
}

/** `name` includes the equals sign and must follow a space or a comma, so that `Signature=` is not found in other words. */
function parameter(authorization: string, name: string): string {
  let from = authorization.indexOf(name);
  while (from > 0) {
    const before = authorization.charCodeAt(from - 1);
    if (before === 0x20 || before === 0x2c) break;
    from = authorization.indexOf(name, from + 1);
  }
  if (from < 0) return "";
  from += name.length;
  let to = authorization.indexOf(",", from);
  if (to < 0) to = authorization.length;
  return authorization.slice(from, to).trim();
}

/** `Sun, 30 Aug 2015 12:36:00 GMT` → `20150830T123600Z`; other texts, already basic ISO 8601, as they are. */
function basicDate(date: string | undefined): string {
  if (date === undefined) return "";
  if (/^\d{8}T\d{6}Z$/.test(date)) return date;
  const time = Date.parse(date);
  return Number.isNaN(time) ? "" : formatBasicDate(time);
}

/** `20150830T123600Z` */
export function formatBasicDate(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19).replaceAll("-", "").replaceAll(":", "")}Z`;
}

/** Epoch ms of `20150830T123600Z`, or NaN when the text is no such date. */
export function parseBasicDate(text: string): number {
  if (!/^\d{8}T\d{6}Z$/.test(text)) return Number.NaN;
  const iso = `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6, 8)}T${text.slice(9, 11)}:${text.slice(11, 13)}:${text.slice(13, 15)}Z`;
  return Date.parse(iso);
}
