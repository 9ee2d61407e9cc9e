const jsonText: unique symbol = Symbol("json text");

/**
 * Gives an output its own JSON, as the JSON protocols would write it: for operations whose answer is stored in that form
 * already, so that reading and writing it again would be the largest part of the work. The output's members must mean
 * the same; other protocols and callers in the platform read them.
 */
export function withJsonText<Output extends object>(output: Output, text: () => string): Output {
  return Object.defineProperty(output, jsonText, { value: text });
}

/** The JSON that an output brings, if it brings any. */
export function jsonTextOf(output: unknown): string | undefined {
  if (typeof output !== "object" || output === null) return undefined;
  return (output as { readonly [jsonText]?: () => string })[jsonText]?.();
}
