/** `String.hashCode()` of Java. */
export function javaHash(text: string): number {
  let hash = 0;
  for (let i = 0; i < text.length; i++) hash = (Math.imul(hash, 31) + text.charCodeAt(i)) | 0;
  return hash;
}

/**
 * The order in which AWS reports the members of a structure and the entries of a map: that of a `java.util.HashMap`
 * (Java 8) filled in the order given. It explains every recorded answer with several errors that we know of.
 */
export function hashMapOrder(keys: readonly string[]): readonly string[] {
  let buckets = 16;
  while (keys.length > buckets * 0.75) buckets *= 2;
  const bucket = (key: string): number => {
    const hash = javaHash(key);
    return (hash ^ (hash >>> 16)) & (buckets - 1);
  };
  return sortedBy(keys, bucket);
}

/**
 * The order in which AWS prints an enum (`[INDEXES, TOTAL, NONE]`): 32 buckets by the plain hash, the latest value of a bucket
 * first. It explains the recorded answers of DynamoDB, Lambda, CloudFormation, CloudWatch Logs and API Gateway.
 */
export function enumOrder(values: readonly string[]): readonly string[] {
  return sortedBy(values.toReversed(), (value) => javaHash(value) & 31);
}

/** Keeps the order of those in the same bucket. */
function sortedBy(texts: readonly string[], bucket: (text: string) => number): readonly string[] {
  return texts
    .map((text) => ({ text, bucket: bucket(text) }))
    .toSorted((a, b) => a.bucket - b.bucket)
    .map((entry) => entry.text);
}
