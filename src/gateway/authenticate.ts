import { hash, type KeyObject } from "node:crypto";
import type { AwsError } from "../api/aws-error.ts";
import { type Clock, type EpochMs, SystemClock } from "../base/clock.ts";
import type { Credential, IdentityProvider } from "../kernel/identity.ts";
import type { Principal, RootPrincipal } from "../kernel/principal.ts";
import type { SignedParts } from "./sigv4/canonical-request.ts";
import type { ChunkPromise } from "./sigv4/chunk-signatures.ts";
import { type RefusalStyle, refuseSignature } from "./sigv4/refusals.ts";
import { formatBasicDate, parseBasicDate, type Signature } from "./sigv4/signature.ts";
import { SigningKeys } from "./sigv4/signing-key.ts";
import { equalInConstantTime, verifySignature } from "./sigv4/verify-signature.ts";

/**
 * `lenient`: access keys that nobody issued here act as the root of an account; keys issued here are verified.
 * `strict`: only keys issued here.
 */
export type AuthMode = "lenient" | "strict";

/** The keys of the default account's root, made at the first start. */
export interface RootCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

export interface AuthenticatorOptions {
  readonly mode: AuthMode;
  readonly identities: IdentityProvider;
  readonly rootCredentials?: RootCredentials;
  /** The account of keys that name none. */
  readonly account: string;
  readonly clock: Clock;
}

/** Who makes a request. */
export interface Caller {
  readonly principal: Principal;
  readonly account: string;
  readonly accessKeyId?: string;
  /** What a verified request promised of a body that nobody has read yet. */
  readonly promise?: PayloadPromise;
}

/** Its SHA-256, or chunks that are each signed with this key, the first one over the seed signature. */
export type PayloadPromise =
  | { readonly kind: "sha256"; readonly sha256: string; readonly style: RefusalStyle }
  | (ChunkPromise & { readonly kind: "chunks" });

export interface AuthenticationRequest {
  readonly request: SignedParts;
  readonly signature: Signature | undefined;
  /** The service's signing name. */
  readonly signingName: string;
  readonly style: RefusalStyle;
  /** The operation takes requests of nobody, or decides about them itself. */
  readonly anonymous: boolean;
  /** As sent. Undefined when it streams. */
  readonly body: Uint8Array | undefined;
}

const allowedSkewMs = 15 * 60_000;
const sha256Form = /^[0-9a-f]{64}$/;

/** Tells who makes a request, and refuses those who are not who they say. */
export class Authenticator {
  readonly #options: AuthenticatorOptions;
  readonly #keys = new SigningKeys();
  /** Clients sign with their machine's time, also when the platform's has been moved. */
  readonly #machineClock: Clock = new SystemClock();
  readonly #root: Credential | undefined;
  #lastRoot: RootPrincipal;

  constructor(options: AuthenticatorOptions) {
    this.#options = options;
    this.#lastRoot = { kind: "root", account: options.account };
    const root = options.rootCredentials;
    if (root !== undefined) this.#root = { ...root, active: true, principal: this.#lastRoot };
  }

  /** @throws {AwsError} in the words of the service's family. */
  authenticate(given: AuthenticationRequest): Caller | Promise<Caller> {
    const { signature, style } = given;
    if (signature === undefined) {
      if (style === "s3" && given.request.headers["authorization"]?.startsWith("AWS ")) {
        throw refuseSignature("outdated", style);
      }
      if (given.anonymous) return { principal: { kind: "anonymous" }, account: this.#options.account };
      throw refuseSignature("unsigned", style);
    }
    const id = signature.accessKeyId;
    if (this.#root !== undefined && id === this.#root.accessKeyId) return this.#verify(this.#root, signature, given);
    // No key is ever issued in another form, so that made-up keys ("test") cost no look-up.
    if (!isIssuedForm(id)) return this.#unknown(signature, style);
    return this.#find(signature, given);
  }

  async #find(signature: Signature, given: AuthenticationRequest): Promise<Caller> {
    const credential = await this.#options.identities.findCredential(signature.accessKeyId);
    return credential === undefined
      ? this.#unknown(signature, given.style)
      : this.#verify(credential, signature, given);
  }

  #unknown(signature: Signature, style: RefusalStyle): Caller {
    const id = signature.accessKeyId;
    if (signature.malformed !== undefined && (id === "" || this.#options.mode === "strict")) {
      throw refuseSignature("malformed", style, signature.malformed);
    }
    if (this.#options.mode === "strict") throw refuseSignature("unknownKey", style, "", { AWSAccessKeyId: id });
    // Nothing vouches for the rest of it, but people test what their users see when a link has expired.
    if (signature.expiresSeconds !== undefined && signature.malformed === undefined) this.#checkTime(signature, style);
    const account = isAccountId(id) ? id : this.#options.account;
    if (this.#lastRoot.account !== account) this.#lastRoot = { kind: "root", account };
    return { principal: this.#lastRoot, account, accessKeyId: id };
  }

  #verify(credential: Credential, signature: Signature, given: AuthenticationRequest): Caller {
    const { style, request } = given;
    if (signature.malformed !== undefined) throw refuseSignature("malformed", style, signature.malformed);
    if (!credential.active) throw refuseSignature("unknownKey", style, "", { AWSAccessKeyId: credential.accessKeyId });
    // Long-term keys come without a token: one that is there belongs to other keys.
    if (!equalInConstantTime(credential.sessionToken ?? "", signature.sessionToken ?? "")) {
      throw refuseSignature("wrongToken", style);
    }
    if (credential.expiresAt !== undefined && credential.expiresAt <= this.#options.clock.now()) {
      throw refuseSignature("expiredToken", style);
    }
    if (signature.service !== given.signingName) {
      throw refuseSignature(
        "skewed",
        style,
        `Credential should be scoped to correct service: '${given.signingName}'. `,
      );
    }
    if (!signsHost(signature.signedHeaders)) {
      throw refuseSignature(
        "malformed",
        style,
        "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
      );
    }
    this.#checkTime(signature, style);

    const promised = payloadPromise(given);
    const payloadHash = promised ?? hash("sha256", given.body ?? new Uint8Array(0));
    const key = this.#keys.get(
      credential.accessKeyId,
      credential.secretAccessKey,
      signature.date,
      signature.region,
      signature.service,
    );
    const check = verifySignature(signature, request, payloadHash, style === "s3" ? "s3" : "standard", key);
    if (!check.valid) {
      throw refuseSignature(
        "mismatch",
        style,
        `\n\nThe Canonical String for this request should have been\n'${check.canonicalRequest}'` +
          `\n\nThe String-to-Sign should have been\n'${check.stringToSign}'\n`,
        {
          AWSAccessKeyId: credential.accessKeyId,
          StringToSign: check.stringToSign,
          SignatureProvided: signature.signature,
          CanonicalRequest: check.canonicalRequest,
        },
      );
    }
    const { principal } = credential;
    return {
      principal,
      account: "account" in principal ? principal.account : this.#options.account,
      accessKeyId: credential.accessKeyId,
      ...checkPayload(promised, given, signature, key),
    };
  }

  /** Good when either clock finds it good: time travel must not break clients, who know only their own time. */
  #checkTime(signature: Signature, style: RefusalStyle): void {
    const signedAt = parseBasicDate(signature.signedAt);
    if (Number.isNaN(signedAt)) {
      throw refuseSignature(
        "malformed",
        style,
        `Date must be in ISO-8601 'basic format'. Got '${signature.signedAt}'. See http://en.wikipedia.org/wiki/ISO_8601`,
      );
    }
    const now = this.#options.clock.now();
    const refusal = timeRefusal(signature, signedAt, now, style);
    if (refusal !== undefined && timeRefusal(signature, signedAt, this.#machineClock.now(), style) !== undefined) {
      throw refusal;
    }
  }
}

function timeRefusal(signature: Signature, signedAt: EpochMs, now: EpochMs, style: RefusalStyle): AwsError | undefined {
  if (signedAt > now + allowedSkewMs) {
    return refuseSignature(
      "skewed",
      style,
      `Signature not yet current: ${signature.signedAt} is still later than ${formatBasicDate(now + allowedSkewMs)} (${formatBasicDate(now)} + 15 min.)`,
    );
  }
  const lifeMs = signature.expiresSeconds === undefined ? allowedSkewMs : signature.expiresSeconds * 1000;
  if (signedAt + lifeMs >= now) return undefined;
  const earliest = formatBasicDate(now - lifeMs);
  return refuseSignature(
    signature.expiresSeconds === undefined ? "skewed" : "presignedExpired",
    style,
    `Signature expired: ${signature.signedAt} is now earlier than ${earliest} (${formatBasicDate(now)} - ${Math.round(lifeMs / 60_000)} min.)`,
  );
}

/** What the request says of its payload, or undefined where its SHA-256 is to be taken. */
function payloadPromise({ request, signature, style, body }: AuthenticationRequest): string | undefined {
  const said = request.headers["x-amz-content-sha256"];
  if (said !== undefined) return said;
  if (signature?.form === "query" && style === "s3") return "UNSIGNED-PAYLOAD";
  if (body === undefined) {
    throw refuseSignature("malformed", style, "Missing required header for this request: x-amz-content-sha256");
  }
  return undefined;
}

/** Compares the body with what was promised, or hands the promise on where the body has not come yet. */
function checkPayload(
  promised: string | undefined,
  { style, body }: AuthenticationRequest,
  signature: Signature,
  key: KeyObject,
): { readonly promise?: PayloadPromise } {
  if (promised === undefined || promised === "UNSIGNED-PAYLOAD" || promised === "STREAMING-UNSIGNED-PAYLOAD-TRAILER") {
    return {};
  }
  if (promised.startsWith("STREAMING-AWS4-HMAC-SHA256-PAYLOAD")) {
    return {
      promise: {
        kind: "chunks",
        key,
        seedSignature: signature.signature,
        signedAt: signature.signedAt,
        scope: `${signature.date}/${signature.region}/${signature.service}/aws4_request`,
      },
    };
  }
  if (!sha256Form.test(promised)) throw refuseSignature("payloadMismatch", style);
  if (body === undefined) return { promise: { kind: "sha256", sha256: promised, style } };
  if (hash("sha256", body) !== promised) throw refuseSignature("payloadMismatch", style);
  return {};
}

/** Clients of HTTP/2 sign the pseudo-header in its place. */
function signsHost(signedHeaders: string): boolean {
  const names = `;${signedHeaders};`;
  return names.includes(";host;") || names.includes(";:authority;");
}

/** `AKIA…` of users, `ASIA…` of sessions. */
function isIssuedForm(id: string): boolean {
  return id.length === 20 && (id.startsWith("AKIA") || id.startsWith("ASIA"));
}

/** An account id given as access key id chooses the account. */
function isAccountId(id: string): boolean {
  if (id.length !== 12) return false;
  for (let at = 0; at < 12; at++) {
    const code = id.charCodeAt(at);
    if (code < 0x30 || code > 0x39) return false;
  }
  return true;
}
