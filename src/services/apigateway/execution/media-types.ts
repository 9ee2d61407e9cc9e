/** The type alone, in lower case: `application/json` of `application/json; charset=utf-8`. */
export function mediaType(header: string | undefined): string | undefined {
  const type = header?.split(";", 1)[0]!.trim().toLowerCase();
  return type === "" ? undefined : type;
}

/**
 * Whether an API takes this content for binary.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-payload-encodings.html
 */
export function isBinary(type: string | undefined, binaryMediaTypes: readonly string[]): boolean {
  if (binaryMediaTypes.length === 0) return false;
  return binaryMediaTypes.some((candidate) => {
    const binary = candidate.toLowerCase();
    if (binary === "*/*") return true;
    if (type === undefined) return false;
    return binary.endsWith("/*") ? type.startsWith(binary.slice(0, -1)) : type === binary;
  });
}
