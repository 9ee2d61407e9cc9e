import { AwsError } from "../api/aws-error.ts";
import type { CatalogueEntry } from "../api/model.ts";
import { hostFacts, type HostFacts } from "./host.ts";
import type { RequestHead } from "./protocols/protocol.ts";
import type { Signature } from "./sigv4/signature.ts";

/** Which service a request is for, and where. The operation is found by the service's protocol. */
export interface Target {
  readonly service: CatalogueEntry;
  /** From the signature's scope or the host, if either says it. */
  readonly region: string | undefined;
  /** The path as the service's model knows it: the bucket as first segment, the stage of an API left out. */
  readonly path: string;
}

/**
 * Finds the service of a request. In this order: target header, signing scope, rpc-v2 path, host, path, and (for forms that
 * nobody signed) the API version.
 */
export class ServiceFinder {
  readonly #bySigningName = new Map<string, CatalogueEntry[]>();
  readonly #byTargetPrefix = new Map<string, CatalogueEntry>();
  readonly #byHostLabel = new Map<string, CatalogueEntry>();
  readonly #byName = new Map<string, CatalogueEntry>();
  readonly #byQueryVersion = new Map<string, CatalogueEntry>();
  readonly #isHostLabel = (label: string) => this.#byHostLabel.has(label);

  constructor(catalogue: readonly CatalogueEntry[]) {
    for (const entry of catalogue) {
      const sharing = this.#bySigningName.get(entry.signingName);
      if (sharing === undefined) this.#bySigningName.set(entry.signingName, [entry]);
      else sharing.push(entry);
      this.#byName.set(entry.name, entry);
      if (entry.targetPrefix !== undefined) this.#byTargetPrefix.set(entry.targetPrefix, entry);
      if (!this.#byHostLabel.has(entry.endpointPrefix)) this.#byHostLabel.set(entry.endpointPrefix, entry);
      if (entry.protocols.includes("query") || entry.protocols.includes("ec2")) {
        this.#byQueryVersion.set(entry.apiVersion, entry);
      }
    }
    for (const entry of catalogue) this.#byHostLabel.set(entry.name, entry);
  }

  /**
   * The target, or undefined when neither signature, headers, host nor path tell it.
   * @param anonymousService who gets plain requests that name nothing: `s3`, whose public objects have no other mark.
   */
  find(
    head: RequestHead,
    host: string,
    signature: Signature | undefined,
    anonymousService?: string,
  ): Target | undefined {
    const { path } = head;
    let service = this.#byTarget(head.headers["x-amz-target"]);
    const scope = signature?.service;
    if (service === undefined && scope !== undefined && scope !== "") {
      const sharing = this.#bySigningName.get(scope);
      if (sharing !== undefined) service = sharing.length === 1 ? sharing[0] : this.#byPath(sharing, path);
    }
    if (service === undefined && path.startsWith("/service/")) service = this.#byRpcPath(path);
    // The host can add something only where it is a name.
    const named = host !== "localhost" && host.includes(".") ? hostFacts(host, this.#isHostLabel) : undefined;
    if (service === undefined && named !== undefined && named.service !== "") {
      const entry = this.#byHostLabel.get(named.service)!;
      service = this.#byPath(this.#bySigningName.get(entry.signingName)!, path, entry);
    }
    service ??= this.#byRestPath(path);
    if (service === undefined && signature === undefined && anonymousService !== undefined) {
      service = this.#byName.get(anonymousService);
    }
    if (service === undefined) return undefined;
    const scopeRegion = signature?.region;
    return {
      service,
      region: scopeRegion === undefined || scopeRegion === "" ? named?.region : scopeRegion,
      path: modelPath(service.name, path, named),
    };
  }

  /** The target of a form that nobody signed, by the version of the API that it names (`2011-06-15` is STS). */
  findByForm(head: RequestHead, form: string): Target | undefined {
    const values = new URLSearchParams(form);
    const service = values.has("Action") ? this.#byQueryVersion.get(values.get("Version") ?? "") : undefined;
    return service === undefined ? undefined : { service, region: undefined, path: head.path };
  }

  #byTarget(target: string | undefined): CatalogueEntry | undefined {
    if (target === undefined) return undefined;
    const dot = target.lastIndexOf(".");
    return dot < 1 ? undefined : this.#byTargetPrefix.get(target.slice(0, dot));
  }

  /** Among services that share a signing name and have no target header: by what only their paths hold. */
  #byPath(sharing: readonly CatalogueEntry[], path: string, otherwise?: CatalogueEntry): CatalogueEntry {
    const first = sharing[0]!;
    if (sharing.length === 1) return first;
    const name = pathOwners.find(([pattern]) => pattern.test(path))?.[1];
    const named = sharing.find((entry) => entry.name === name) ?? otherwise;
    return named ?? sharing.find((entry) => entry.name === entry.signingName) ?? first;
  }

  #byRpcPath(path: string): CatalogueEntry | undefined {
    const match = /^\/service\/([A-Za-z0-9_.]{1,100})\/operation\/[A-Za-z0-9_]{1,100}$/.exec(path);
    if (match === null) return undefined;
    const shape = match[1]!;
    return this.#byTargetPrefix.get(shape.slice(shape.lastIndexOf(".") + 1));
  }

  #byRestPath(path: string): CatalogueEntry | undefined {
    const name = restPaths.find(([pattern]) => pattern.test(path))?.[1];
    return name === undefined ? undefined : this.#byName.get(name);
  }
}

/** Paths that tell services of one signing name apart. */
const pathOwners: readonly (readonly [RegExp, string])[] = [
  [/^\/v2\//, "apigatewayv2"],
  [/\/@connections\//, "apigatewaymanagementapi"],
  [/^\/getMedia$/, "kinesis-video-media"],
  [
    /^\/(?:getHLSStreamingSessionURL|getDASHStreamingSessionURL|getClip|getImages|getMediaForFragmentList|listFragments)$/,
    "kinesis-video-archived-media",
  ],
];

/** Paths of REST services by which even an unsigned request is understood, so that it is refused in the right form. */
const restPaths: readonly (readonly [RegExp, string])[] = [
  [/\/@connections\/[^/]+$/, "apigatewaymanagementapi"],
  [/^\/2013-04-01\//, "route53"],
  [/^\/2020-05-31\//, "cloudfront"],
  [/^\/20\d\d-\d\d-\d\d\/(?:functions|layers|event-source-mappings|account-settings|tags)/, "lambda"],
  [/^\/restapis(?:$|\/[^/]+(?:$|\/(?:resources|deployments|stages|authorizers|models)))/, "apigateway"],
  [/^\/v2\/apis(?:$|\/)/, "apigatewayv2"],
];

function modelPath(service: string, path: string, host: HostFacts | undefined): string {
  if (service === "s3") {
    const bucket = host === undefined ? "" : host.prefix;
    return bucket === "" ? path : `/${bucket}${path}`;
  }
  if (service === "apigatewaymanagementapi") return path.slice(Math.max(path.indexOf("/@connections"), 0));
  return path;
}

/** What a client is told when nothing says which service it wants. */
export function unknownService(head: RequestHead, host: string, signature: Signature | undefined): AwsError {
  const understood = [`${head.method} ${head.path} for host "${host}"`];
  const target = head.headers["x-amz-target"];
  if (target !== undefined) understood.push(`X-Amz-Target "${target}"`);
  if (signature !== undefined && signature.service !== "") understood.push(`signed for "${signature.service}"`);
  const what = `Virga understood: ${understood.join(", ")}.`;
  if (target !== undefined || (signature !== undefined && signature.service !== "")) {
    return new AwsError({
      code: "UnknownOperationException",
      status: 404,
      message: `${what} No service of Virga answers to that. See GET /_virga/health for the services there are.`,
    });
  }
  return new AwsError({
    code: "MissingAuthenticationToken",
    status: 403,
    message:
      `${what} That names no AWS service: requests are signed, or carry X-Amz-Target, or name the service in the host. ` +
      "Point an AWS client here with AWS_ENDPOINT_URL and any access key.",
  });
}
