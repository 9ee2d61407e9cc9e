import type { Principal } from "./principal.ts";

/** What an access key id stands for. */
export interface Credential {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Present for temporary credentials: requests must carry it. */
  readonly sessionToken?: string;
  /** Epoch ms; absent for long-term keys. */
  readonly expiresAt?: number;
  /** An inactive key refuses everything. */
  readonly active: boolean;
  readonly principal: Principal;
}

/** The policies that bear on a principal, as JSON texts. */
export interface PrincipalPolicies {
  /** Inline and managed, of the user (and its groups) or of the role. */
  readonly identity: readonly string[];
  readonly boundary?: string;
  /** Tags of the user or role: `aws:PrincipalTag/…`. */
  readonly tags: Readonly<Record<string, string>>;
}

/**
 * Who is who, for the front door and the authorize stage. Implemented by the rooms that keep identities (iam, sts) and
 * wired in `platform.ts`, because these questions are no AWS API.
 */
export interface IdentityProvider {
  /** The credential of an access key that was issued here, or undefined when no such key is known. */
  findCredential(accessKeyId: string): Promise<Credential | undefined>;
  /** The policies of a user or role; undefined when it no longer exists. */
  findPolicies(principal: Principal): Promise<PrincipalPolicies | undefined>;
}

/** Asks each provider in turn; the first that knows answers. */
export function composeIdentity(providers: readonly IdentityProvider[]): IdentityProvider {
  const first = async <Found>(ask: (provider: IdentityProvider) => Promise<Found | undefined>) => {
    for (const provider of providers) {
      const found = await ask(provider);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return {
    findCredential: (accessKeyId) => first((provider) => provider.findCredential(accessKeyId)),
    findPolicies: (principal) => first((provider) => provider.findPolicies(principal)),
  };
}
