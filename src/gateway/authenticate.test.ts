import { createHmac, hash } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { AwsError } from "../api/aws-error.ts";
import { ManualClock, SystemClock } from "../base/clock.ts";
import type { Credential } from "../kernel/identity.ts";
import { type AuthenticationRequest, Authenticator, type AuthMode } from "./authenticate.ts";
import { canonicalRequest } from "./sigv4/canonical-request.ts";
import type { RefusalStyle } from "./sigv4/refusals.ts";
import { findSignature, formatBasicDate } from "./sigv4/signature.ts";
import { deriveSigningKey } from "./sigv4/signing-key.ts";

const user: Credential = {
  accessKeyId: "AKIAQAAAAAAAAAAAAAAA",
  secretAccessKey: "secret-of-the-user",
  active: true,
  principal: {
    kind: "user",
    account: "111122223333",
    arn: "arn:aws:iam::111122223333:user/ada",
    userName: "ada",
    userId: "AIDAQAAAAAAAAAAAAAAA",
  },
};
const session: Credential = {
  accessKeyId: "ASIAQAAAAAAAAAAAAAAA",
  secretAccessKey: "secret-of-the-session",
  sessionToken: "token",
  expiresAt: Date.UTC(2026, 0, 1, 1),
  active: true,
  principal: {
    kind: "assumed-role",
    account: "111122223333",
    arn: "arn:aws:sts::111122223333:assumed-role/r/s",
    roleArn: "arn:aws:iam::111122223333:role/r",
    roleName: "r",
    roleId: "AROAQAAAAAAAAAAAAAAA",
    sessionName: "s",
    session: { policies: [], tags: {}, issuedAt: 0 },
  },
};

let clock: ManualClock;
let known: Map<string, Credential>;
let asked: string[];
beforeEach(() => {
  clock = new ManualClock(Date.UTC(2026, 0, 1));
  known = new Map([user, session].map((credential) => [credential.accessKeyId, credential]));
  asked = [];
});

function authenticator(mode: AuthMode = "strict") {
  return new Authenticator({
    mode,
    account: "000000000000",
    clock,
    rootCredentials: { accessKeyId: "AKIAROOTROOTROOTROOT", secretAccessKey: "secret-of-root" },
    identities: {
      findCredential: async (id) => {
        asked.push(id);
        return known.get(id);
      },
      findPolicies: async () => undefined,
    },
  });
}

interface Signing {
  accessKeyId?: string;
  secret?: string;
  token?: string;
  at?: number;
  style?: RefusalStyle;
  service?: string;
  body?: string;
  signedHeaders?: string;
  headers?: Record<string, string>;
  anonymous?: boolean;
}

/** A request as a client would sign it. */
function signed(options: Signing = {}): AuthenticationRequest {
  const { accessKeyId = user.accessKeyId, secret = user.secretAccessKey, service = "dynamodb", body = "{}" } = options;
  const signedAt = formatBasicDate(options.at ?? clock.now());
  const scope = `${signedAt.slice(0, 8)}/us-east-1/${service}/aws4_request`;
  const headers: Record<string, string> = { host: "localhost:4566", "x-amz-date": signedAt, ...options.headers };
  const token = "token" in options ? options.token : known.get(accessKeyId)?.sessionToken;
  if (token !== undefined) headers["x-amz-security-token"] = token;
  const names = options.signedHeaders ?? Object.keys(headers).toSorted().join(";");
  const parts = { method: "POST", path: "/", query: "", headers, rawHeaders: Object.entries(headers) };
  const payload = headers["x-amz-content-sha256"] ?? hash("sha256", body);
  const style = options.style ?? "json";
  const canonical = canonicalRequest(parts, names, payload, style === "s3" ? "s3" : "standard");
  const text = `AWS4-HMAC-SHA256\n${signedAt}\n${scope}\n${hash("sha256", canonical)}`;
  const key = deriveSigningKey(secret, signedAt.slice(0, 8), "us-east-1", service);
  const signature = createHmac("sha256", key).update(text).digest("hex");
  headers["authorization"] =
    `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${names}, Signature=${signature}`;
  return {
    request: parts,
    signature: findSignature(headers, ""),
    signingName: "dynamodb",
    style,
    anonymous: options.anonymous ?? false,
    body: Buffer.from(body),
  };
}

async function refusal(given: AuthenticationRequest, mode: AuthMode = "strict"): Promise<[number, string, string]> {
  try {
    await authenticator(mode).authenticate(given);
  } catch (error) {
    if (error instanceof AwsError) return [error.status, error.code, error.message];
    throw error;
  }
  throw new Error("The request was let in.");
}

describe("a key that was issued here", () => {
  it.each(["strict", "lenient"] as const)("acts as its principal when the signature is right (%s)", async (mode) => {
    expect(await authenticator(mode).authenticate(signed())).toEqual({
      principal: user.principal,
      account: "111122223333",
      accessKeyId: user.accessKeyId,
    });
  });

  it.each(["strict", "lenient"] as const)("is refused with another secret (%s)", async (mode) => {
    const [status, code, message] = await refusal(signed({ secret: "guess" }), mode);
    expect([status, code]).toEqual([400, "InvalidSignatureException"]);
    expect(message).toMatch(/^The request signature we calculated does not match the signature you provided\./);
    expect(message).toContain(
      "The Canonical String for this request should have been\n'POST\n/\n\nhost:localhost:4566",
    );
  });

  it.each(["strict", "lenient"] as const)("is refused when the body was changed (%s)", async (mode) => {
    const given = { ...signed(), body: Buffer.from('{"more":1}') };
    expect((await refusal(given, mode))[1]).toBe("InvalidSignatureException");
  });

  it("is refused when a signed header was changed", async () => {
    const given = signed({ headers: { "x-amz-target": "DynamoDB_20120810.GetItem" } });
    (given.request.headers as Record<string, string>)["x-amz-target"] = "DynamoDB_20120810.DeleteTable";
    expect((await refusal(given))[1]).toBe("InvalidSignatureException");
  });

  it("is refused when the host is not signed", async () => {
    expect(await refusal(signed({ signedHeaders: "x-amz-date" }))).toEqual([
      400,
      "IncompleteSignatureException",
      "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
    ]);
  });

  it("may sign HTTP/2's :authority for the host", async () => {
    const given = signed({ headers: { ":authority": "localhost:4566" }, signedHeaders: ":authority;x-amz-date" });
    delete (given.request.headers as Record<string, string>)[":authority"];
    expect(await authenticator().authenticate(given)).toMatchObject({ accessKeyId: user.accessKeyId });
    (given.request.headers as Record<string, string>)["host"] = "elsewhere";
    expect((await refusal(given))[1]).toBe("InvalidSignatureException");
  });

  it("is refused for another service than it signed for", async () => {
    expect(await refusal(signed({ service: "sqs" }))).toEqual([
      400,
      "InvalidSignatureException",
      "Credential should be scoped to correct service: 'dynamodb'. ",
    ]);
  });

  it("is refused once it is inactive, and known at once when it is issued later", async () => {
    const lenient = authenticator("lenient");
    known.set(user.accessKeyId, { ...user, active: false });
    expect((await refusal(signed(), "lenient"))[1]).toBe("UnrecognizedClientException");
    known.delete(user.accessKeyId);
    expect(await lenient.authenticate(signed({ secret: "any" }))).toMatchObject({ principal: { kind: "root" } });
    known.set(user.accessKeyId, user);
    await expect(lenient.authenticate(signed({ secret: "any" }))).rejects.toThrow("does not match");
  });
});

describe("temporary credentials", () => {
  const options = { accessKeyId: session.accessKeyId, secret: session.secretAccessKey };

  it("act as their role with their token", async () => {
    expect(await authenticator().authenticate(signed(options))).toMatchObject({ principal: session.principal });
  });

  it.each([
    ["without", undefined],
    ["with another", "nekot"],
  ])("are refused %s token", async (_name, token) => {
    expect(await refusal(signed({ ...options, token } as Signing))).toEqual([
      400,
      "UnrecognizedClientException",
      "The security token included in the request is invalid.",
    ]);
  });

  it("are refused when they have expired", async () => {
    await clock.advance(3_600_000);
    expect(await refusal(signed(options))).toEqual([
      400,
      "ExpiredTokenException",
      "The security token included in the request is expired",
    ]);
  });

  it("make a long-term key invalid when their token comes with it", async () => {
    expect((await refusal(signed({ token: "token" })))[1]).toBe("UnrecognizedClientException");
  });
});

describe("the time of a signature", () => {
  it.each([-15, 15])("may be off by %i minutes", async (minutes) => {
    const at = clock.now() + minutes * 60_000;
    expect(await authenticator().authenticate(signed({ at }))).toMatchObject({ accessKeyId: user.accessKeyId });
  });

  it("may not be older", async () => {
    expect(await refusal(signed({ at: clock.now() - 15 * 60_000 - 1000 }))).toEqual([
      400,
      "InvalidSignatureException",
      "Signature expired: 20251231T234459Z is now earlier than 20251231T234500Z (20260101T000000Z - 15 min.)",
    ]);
  });

  it("may not be in the future", async () => {
    expect((await refusal(signed({ at: clock.now() + 16 * 60_000 })))[2]).toBe(
      "Signature not yet current: 20260101T001600Z is still later than 20260101T001500Z (20260101T000000Z + 15 min.)",
    );
  });

  it("may be the machine's where the platform's clock was moved", async () => {
    // The manual clock stands far from the machine's, which is what a client knows.
    expect(await authenticator().authenticate(signed({ at: new SystemClock().now() }))).toMatchObject({
      accessKeyId: user.accessKeyId,
    });
  });

  it("is the S3 way worded for S3", async () => {
    const given = { ...signed({ style: "s3", at: clock.now() - 3_600_000 }) };
    expect(await refusal(given)).toEqual([
      403,
      "RequestTimeTooSkewed",
      "The difference between the request time and the current time is too large.",
    ]);
  });
});

describe("a key that nobody issued", () => {
  it("acts as root in lenient mode, without a look-up unless it looks issued", async () => {
    const lenient = authenticator("lenient");
    for (const accessKeyId of ["test", "123456789012", "AKIAIOSFODNN7EXAMPLE"]) {
      const account = accessKeyId === "123456789012" ? accessKeyId : "000000000000";
      expect(await lenient.authenticate(signed({ accessKeyId, secret: "any" }))).toEqual({
        principal: { kind: "root", account },
        account,
        accessKeyId,
      });
    }
    expect(asked).toEqual(["AKIAIOSFODNN7EXAMPLE"]);
  });

  it.each<[RefusalStyle, number, string]>([
    ["json", 400, "UnrecognizedClientException"],
    ["rest-json", 403, "UnrecognizedClientException"],
    ["query", 403, "InvalidClientTokenId"],
    ["s3", 403, "InvalidAccessKeyId"],
  ])("is refused in strict mode (%s)", async (style, status, code) => {
    const refused = await refusal(signed({ accessKeyId: "test", secret: "any", style }));
    expect(refused.slice(0, 2)).toEqual([status, code]);
  });
});

describe("root's own key", () => {
  it.each(["strict", "lenient"] as const)("is verified (%s)", async (mode) => {
    const root = { accessKeyId: "AKIAROOTROOTROOTROOT", secret: "secret-of-root" };
    expect(await authenticator(mode).authenticate(signed(root))).toMatchObject({
      principal: { kind: "root", account: "000000000000" },
    });
    expect((await refusal(signed({ ...root, secret: "guess" }), mode))[1]).toBe("InvalidSignatureException");
  });
});

describe("an unsigned request", () => {
  const unsigned = (style: RefusalStyle, anonymous = false) => ({
    ...signed(),
    signature: undefined,
    style,
    anonymous,
  });

  it("is nobody's where that is allowed", async () => {
    expect(await authenticator().authenticate(unsigned("query", true))).toEqual({
      principal: { kind: "anonymous" },
      account: "000000000000",
    });
  });

  it.each<[RefusalStyle, number, string, string]>([
    [
      "json",
      400,
      "MissingAuthenticationTokenException",
      "Request must contain either a valid (registered) AWS access key ID or X.509 certificate.",
    ],
    ["rest-json", 403, "MissingAuthenticationTokenException", "Missing Authentication Token"],
    ["query", 403, "MissingAuthenticationToken", "Request is missing Authentication Token"],
    ["s3", 403, "AccessDenied", "Access Denied"],
  ])("is refused elsewhere, also in lenient mode (%s)", async (style, ...expected) => {
    expect(await refusal(unsigned(style), "lenient")).toEqual(expected);
  });
});

describe("what a request says of its payload", () => {
  const s3 = (headers: Record<string, string>, body = "data") => ({
    ...signed({ style: "s3", service: "s3", headers, body }),
    signingName: "s3",
  });

  it("is compared with the body", async () => {
    const lie = s3({ "x-amz-content-sha256": hash("sha256", "other") });
    expect((await refusal(lie)).slice(0, 2)).toEqual([400, "XAmzContentSHA256Mismatch"]);
    const truth = s3({ "x-amz-content-sha256": hash("sha256", "data") });
    expect(await authenticator().authenticate(truth)).not.toHaveProperty("promise");
  });

  it("is handed on where the body streams", async () => {
    const sha256 = hash("sha256", "data");
    const hashed = { ...s3({ "x-amz-content-sha256": sha256 }), body: undefined };
    expect(await authenticator().authenticate(hashed)).toMatchObject({ promise: { kind: "sha256", sha256 } });
    const chunked = { ...s3({ "x-amz-content-sha256": "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" }), body: undefined };
    expect(await authenticator().authenticate(chunked)).toMatchObject({
      promise: { kind: "chunks", scope: "20260101/us-east-1/s3/aws4_request", signedAt: "20260101T000000Z" },
    });
    const free = { ...s3({ "x-amz-content-sha256": "UNSIGNED-PAYLOAD" }), body: undefined };
    expect(await authenticator().authenticate(free)).not.toHaveProperty("promise");
  });
});

describe("a presigned URL", () => {
  const presigned = (accessKeyId: string, expires: number): AuthenticationRequest => {
    const query = new URLSearchParams({
      "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
      "X-Amz-Credential": `${accessKeyId}/20260101/us-east-1/s3/aws4_request`,
      "X-Amz-Date": "20260101T000000Z",
      "X-Amz-Expires": String(expires),
      "X-Amz-SignedHeaders": "host",
      "X-Amz-Signature": "0".repeat(64),
    }).toString();
    const request = { method: "GET", path: "/b/k", query, headers: { host: "localhost" }, rawHeaders: [] };
    const signature = findSignature(request.headers, query);
    return { request, signature, signingName: "s3", style: "s3", anonymous: true, body: Buffer.alloc(0) };
  };

  it("expires, whoever signed it", async () => {
    await clock.advance(61_000);
    expect(await refusal(presigned("test", 60), "lenient")).toEqual([403, "AccessDenied", "Request has expired"]);
    expect(await refusal(presigned(user.accessKeyId, 60))).toEqual([403, "AccessDenied", "Request has expired"]);
    expect(await authenticator("lenient").authenticate(presigned("test", 3600))).toMatchObject({ accessKeyId: "test" });
  });

  it("is verified when the key was issued here", async () => {
    expect((await refusal(presigned(user.accessKeyId, 60), "lenient"))[1]).toBe("SignatureDoesNotMatch");
  });
});

describe("Signature Version 2", () => {
  it("is refused by S3 with the way out", async () => {
    const given = { ...signed({ style: "s3" }), signature: undefined, anonymous: true };
    (given.request.headers as Record<string, string>)["authorization"] = "AWS KEY:c2ln";
    expect(await refusal(given, "lenient")).toEqual([
      400,
      "InvalidRequest",
      "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.",
    ]);
  });
});

describe("a malformed signature", () => {
  it("is refused of known keys, and of unknown ones that name nobody", async () => {
    const given = signed();
    const broken = (authorization: string) => ({
      ...given,
      signature: findSignature({ ...given.request.headers, authorization }, ""),
    });
    expect(
      await refusal(
        broken(`AWS4-HMAC-SHA256 Credential=${user.accessKeyId}/20260101/us-east-1/dynamodb/aws4_request`),
        "lenient",
      ),
    ).toEqual([
      400,
      "IncompleteSignatureException",
      "Authorization header requires 'Signature' parameter. Authorization header requires 'SignedHeaders' parameter. Authorization=AWS4-HMAC-SHA256",
    ]);
    expect((await refusal(broken("AWS4-HMAC-SHA256 nonsense"), "lenient"))[1]).toBe("IncompleteSignatureException");
  });
});
