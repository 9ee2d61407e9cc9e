/** The elements of a header that holds a list; elements may be quoted. Undefined when a quote is not closed. */
export function splitHeaderList(text: string): string[] | undefined {
  const values: string[] = [];
  let at = 0;
  while (at <= text.length) {
    while (text[at] === " " || text[at] === "\t") at++;
    if (text[at] === '"') {
      let value = "";
      at++;
      while (at < text.length && text[at] !== '"') {
        if (text[at] === "\\") at++;
        value += text[at] ?? "";
        at++;
      }
      if (text[at] !== '"') return undefined;
      at++;
      while (text[at] === " " || text[at] === "\t") at++;
      if (at < text.length && text[at] !== ",") return undefined;
      values.push(value);
    } else {
      let end = text.indexOf(",", at);
      if (end === -1) end = text.length;
      values.push(text.slice(at, end).trim());
      at = end;
    }
    at++;
  }
  return values;
}

/** The dates of a header that holds HTTP dates, each of which has a comma itself. */
export function splitHttpDates(text: string): string[] {
  return text.split(/(?<=GMT|UTC|[+-]\d{4}),/).map((date) => date.trim());
}

/** An element of a list in a header. */
export function quoteHeaderElement(text: string): string {
  return /[",]/.test(text) ? `"${text.replaceAll(/["\\]/g, String.raw`\$&`)}"` : text;
}

/** A header value that HTTP can carry: line breaks become spaces, what is beyond Latin-1 goes as the bytes of UTF-8. */
export function safeHeaderValue(text: string): string {
  // oxlint-disable-next-line no-control-regex -- these are the characters meant
  const line = text.replaceAll(/[\u0000-\u0008\u000a-\u001f\u007f]+/g, " ");
  return /[\u0100-\uffff]/.test(line) ? Buffer.from(line, "utf8").toString("latin1") : line;
}
