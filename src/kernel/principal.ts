/** On whose behalf a call is made. */
export type Principal =
  | RootPrincipal
  | UserPrincipal
  | AssumedRolePrincipal
  | FederatedUserPrincipal
  | ServicePrincipal
  | AnonymousPrincipal;

/** The account itself: may do everything in it. */
export interface RootPrincipal {
  readonly kind: "root";
  readonly account: string;
}

export interface UserPrincipal {
  readonly kind: "user";
  readonly account: string;
  /** `arn:aws:iam::111122223333:user/path/name` */
  readonly arn: string;
  readonly userName: string;
  /** `AIDA…` */
  readonly userId: string;
  /** Session policies and tags of GetSessionToken-like sessions; absent for long-term keys. */
  readonly session?: SessionFacts;
}

export interface AssumedRolePrincipal {
  readonly kind: "assumed-role";
  readonly account: string;
  /** `arn:aws:sts::111122223333:assumed-role/name/session` */
  readonly arn: string;
  /** `arn:aws:iam::111122223333:role/path/name` */
  readonly roleArn: string;
  readonly roleName: string;
  /** `AROA…` */
  readonly roleId: string;
  readonly sessionName: string;
  readonly session: SessionFacts;
}

export interface FederatedUserPrincipal {
  readonly kind: "federated-user";
  readonly account: string;
  /** `arn:aws:sts::111122223333:federated-user/name` */
  readonly arn: string;
  readonly name: string;
  /** The user whose policies bound this one's, or absent when root asked. */
  readonly issuer?: UserPrincipal;
  readonly session: SessionFacts;
}

/** A part of the platform acting by its own right: allowed where a resource policy or trust policy names it. */
export interface ServicePrincipal {
  readonly kind: "service";
  /** `lambda.amazonaws.com` */
  readonly service: string;
  /** The resource on whose account the service acts; becomes `aws:SourceArn` and `aws:SourceAccount`. */
  readonly sourceArn?: string;
  readonly sourceAccount?: string;
}

export interface AnonymousPrincipal {
  readonly kind: "anonymous";
}

export interface SessionFacts {
  /** Policy documents given when the session was made, as JSON texts. The session may do no more than they allow. */
  readonly policies: readonly string[];
  readonly tags: Readonly<Record<string, string>>;
  /** Keys of the tags that pass on to sessions made from this one. */
  readonly transitiveTagKeys?: readonly string[];
  /** When the session was issued, epoch ms. */
  readonly issuedAt: number;
  readonly sourceIdentity?: string;
  readonly mfa?: boolean;
}
