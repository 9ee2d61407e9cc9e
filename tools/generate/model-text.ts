interface PublishedModel {
  readonly metadata: unknown;
  readonly operations: Readonly<Record<string, unknown>>;
  readonly shapes: Readonly<Record<string, unknown>>;
}

/** A published model as it lies in `models/`: without documentation, one operation or shape on a line. */
export function modelText({ metadata, operations, shapes }: PublishedModel): string {
  const lines = (entries: Readonly<Record<string, unknown>>): string =>
    Object.entries(entries)
      .map(([name, entry]) => `${JSON.stringify(name)}:${JSON.stringify(undocumented(entry))}`)
      .join(",\n");
  return [
    "{",
    `"metadata":${JSON.stringify(metadata)},`,
    `"operations":{\n${lines(operations)}\n},`,
    `"shapes":{\n${lines(shapes)}\n}`,
    "}",
    "",
  ].join("\n");
}

/** Documentation is text; a member that is named `documentation` is an object and stays. */
function undocumented(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(undocumented);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key, entry]) => !((key === "documentation" || key === "documentationUrl") && typeof entry === "string"))
      .map(([key, entry]) => [key, undocumented(entry)]),
  );
}
