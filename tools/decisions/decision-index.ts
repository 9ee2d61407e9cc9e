import { basename } from "node:path";

/** The index of the decision records, from their file names and first lines. */
export function decisionIndex(records: readonly { readonly path: string; readonly text: string }[]): string {
  const rows = records
    .map(({ path, text }) => ({ file: basename(path), heading: text.split("\n", 1)[0]! }))
    .filter(({ file }) => /^\d{4}-/.test(file))
    .toSorted((a, b) => a.file.localeCompare(b.file, "en"))
    .map(({ file, heading }) => {
      const number = file.slice(0, 4);
      const title = heading.replace(/^#\s*/, "").replace(new RegExp(`^${number}\\W*`), "");
      return `| [${number}](${file}) | ${title} |`;
    });
  return `<!-- The table is written by \`npm run decisions\`. -->

# Decisions

Why things are as they are, a page each: the decision, the reasons, what else was considered. A record is not rewritten when the decision
changes; a new one says what it replaces. Every runtime dependency has one. Numbers leave room per area: 0001 tooling, 0010 models and
validation, and on in steps; take the next free one of your area.

| | decision |
|---|---|
${rows.join("\n")}
`;
}
