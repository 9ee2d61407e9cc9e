import type { Access } from "../../kernel/service.ts";

type Verb = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
type Place = { readonly region: string };

/**
 * API Gateway's actions are HTTP verbs on the paths of its API: `apigateway:PATCH` on `…::/restapis/abc/stages/dev`.
 * `{name}` in a path stands for that member of the input.
 * @see https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonapigatewaymanagement.html
 */
export function on(verb: Verb, path: string): (input: object, at: Place) => readonly Access[] {
  const parts = path.split(/\{(\w+)\}/);
  return (input, at) => {
    const filled = parts
      .map((part, index) =>
        // Half a surrogate pair has no UTF-8 to encode.
        index % 2 === 0 ? part : encodeURIComponent(String((input as Record<string, unknown>)[part]).toWellFormed()),
      )
      .join("");
    return [{ action: `apigateway:${verb}`, resource: `arn:aws:apigateway:${at.region}::${filled}` }];
  };
}
