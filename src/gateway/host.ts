import { isIP } from "node:net";

/** What a host name says, in the forms that AWS's endpoints have. */
export interface HostFacts {
  /** The labels that name a service: `dynamodb`, `streams.dynamodb`, `s3`. Empty where there are none. */
  readonly service: string;
  readonly region: string | undefined;
  /** What stands before the service: a bucket, an API id, an account. */
  readonly prefix: string;
}

const suffixes = [".localhost", ".localhost.localstack.cloud", ".amazonaws.com", ".amazonaws.com.cn", ".api.aws"];
const regionForm = /^[a-z]{2}(?:-[a-z]{2,12}){1,3}-\d{1,2}$/;

/** The host of a `Host` header in lower case, without port; undefined when the header is no host. */
export function parseHost(header: string): string | undefined {
  const lower = header.toLowerCase();
  if (lower.startsWith("[")) {
    const end = lower.indexOf("]");
    const address = lower.slice(1, end);
    return end > 0 && isIP(address) === 6 && /^(?::\d{1,5})?$/.test(lower.slice(end + 1)) ? address : undefined;
  }
  const match = /^([a-z0-9._-]{1,255})(?::\d{1,5})?$/.exec(lower);
  return match?.[1];
}

/** Whether a host, given to listen on or found in a request, can only be this machine. */
export function isLoopback(host: string): boolean {
  if (host === "localhost" || host === "127.0.0.1" || host === "::1" || host === "[::1]") return true;
  if (isIP(host) === 4) return host.startsWith("127.");
  const lower = host.toLowerCase();
  return lower === "localhost" || lower.endsWith(".localhost") || /^(?:::ffff:)127\./.test(lower);
}

/**
 * Whether a page of the open web cannot have this name: addresses, names of one label, the names that we and LocalStack
 * resolve to loopback, and AWS's own. Guards against DNS rebinding.
 */
export function isLocalName(host: string): boolean {
  if (isIP(host) !== 0 || !host.includes(".")) return true;
  return host === "localhost.localstack.cloud" || suffixes.some((suffix) => host.endsWith(suffix));
}

/** Takes a host name apart: `bucket.s3.us-east-1.localhost`, `streams.dynamodb.eu-west-1.amazonaws.com`. */
export function hostFacts(host: string, isService: (labels: string) => boolean): HostFacts | undefined {
  const suffix = suffixes.find(
    (end) => host.endsWith(end) && (end !== ".localhost" || !host.endsWith(".localstack.cloud")),
  );
  if (suffix === undefined || host === "localhost.localstack.cloud") return undefined;
  const labels = host.slice(0, -suffix.length).split(".");
  let region: string | undefined;
  if (labels.length > 0 && regionForm.test(labels.at(-1)!)) region = labels.pop();
  if (labels.at(-1) === "dualstack") labels.pop();
  for (const size of [2, 1]) {
    if (labels.length < size) continue;
    const named = serviceLabel(labels.slice(-size).join("."));
    if (isService(named.service)) {
      return {
        service: named.service,
        region: region ?? named.region,
        prefix: labels.slice(0, -size).join("."),
      };
    }
  }
  return { service: "", region, prefix: labels.join(".") };
}

/** Undoes what AWS adds to service labels: `dynamodb-fips`, `s3-us-west-2`, `sync-states`, `ddb` of account endpoints. */
function serviceLabel(label: string): { service: string; region?: string } {
  if (label === "ddb") return { service: "dynamodb" };
  if (label.endsWith("-fips")) return serviceLabel(label.slice(0, -5));
  if (label.startsWith("sync-")) return { service: label.slice(5) };
  if (label.startsWith("s3-") && regionForm.test(label.slice(3))) return { service: "s3", region: label.slice(3) };
  return { service: label };
}
