/** Headers that answers must not carry under their own name, since they are the gateway's to say. */
const remapped: ReadonlySet<string> = new Set(["connection", "content-length", "date", "server"]);
const remappedUnlessProxied: ReadonlySet<string> = new Set([
  "authorization",
  "content-md5",
  "expect",
  "host",
  "max-forwards",
  "proxy-authenticate",
  "trailer",
  "upgrade",
  "user-agent",
  "www-authenticate",
]);
const dropped: ReadonlySet<string> = new Set(["transfer-encoding", "keep-alive", "proxy-connection"]);

const token = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
// oxlint-disable-next-line no-control-regex
const controls = /[\u0000-\u0008\u000a-\u001f\u007f]/;

/**
 * A header as it goes to the client: none where it is dropped, undefined where it is none that HTTP could carry.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
 */
export function responseHeader(
  name: string,
  value: string,
  proxied: boolean,
): readonly (readonly [name: string, value: string])[] | undefined {
  if (!token.test(name) || controls.test(value)) return undefined;
  const lower = name.toLowerCase();
  if (dropped.has(lower)) return [];
  const kept = remapped.has(lower) || (!proxied && remappedUnlessProxied.has(lower)) ? `x-amzn-Remapped-${name}` : name;
  // Header bytes: what is not Latin-1 goes out as UTF-8.
  return [[kept, /[\u0100-\uffff]/.test(value) ? Buffer.from(value).toString("latin1") : value]];
}
