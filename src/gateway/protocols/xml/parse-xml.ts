import { decodeUtf8 } from "../../../base/bytes.ts";

/** An element; its name and its attributes' names are as written, `local` is the name without prefix. */
export interface XmlElement {
  readonly local: string;
  /** Null prototype. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly children: XmlElement[];
  /** All character data between its tags, that of its children left out. */
  text: string;
}

const nameForm = /[A-Za-z_:\u0080-\uffff][\w:.\-\u00b7\u0080-\uffff]*/y;
const space = /[ \t\r\n]*/y;
// oxlint-disable-next-line no-control-regex -- XML allows no other control characters
const forbidden = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;

/**
 * The root element of an XML document, or undefined when the bytes are none: not UTF-8, not well-formed, nested beyond
 * `depth`. Document types are refused, and with them all entities but the five of XML itself. Comments and processing
 * instructions are skipped.
 */
export function parseXml(bytes: Uint8Array, depth: number): XmlElement | undefined {
  const text = decodeUtf8(bytes);
  if (text === undefined || forbidden.test(text)) return undefined;
  const declared = /^\ufeff?<\?xml[^>]*encoding\s*=\s*["']([^"']*)["']/i.exec(text);
  if (declared !== null && !/^(?:utf-?8|us-ascii)$/i.test(declared[1]!)) return undefined;
  return new XmlParser(text, depth).document();
}

class XmlParser {
  readonly #text: string;
  readonly #depth: number;
  #at = 0;

  constructor(text: string, depth: number) {
    this.#text = text;
    this.#depth = depth;
  }

  document(): XmlElement | undefined {
    const stack: XmlElement[] = [];
    const names: string[] = [];
    let root: XmlElement | undefined;
    if (this.#text.charCodeAt(0) === 0xfeff) this.#at = 1;
    while (this.#at < this.#text.length) {
      const top = stack.at(-1);
      const open = this.#text.indexOf("<", this.#at);
      const characters = this.#text.slice(this.#at, open === -1 ? undefined : open);
      if (top === undefined) {
        if (/[^ \t\r\n]/.test(characters)) return undefined;
      } else if (characters !== "") {
        const unescaped = characters.includes("]]>") ? undefined : unescape(characters);
        if (unescaped === undefined) return undefined;
        top.text += unescaped;
      }
      if (open === -1) break;
      this.#at = open + 1;
      const next = this.#text[this.#at];
      if (next === "!" || next === "?") {
        if (!this.#skip(top)) return undefined;
      } else if (next === "/") {
        this.#at++;
        const name = this.#name();
        this.#space();
        if (name === undefined || name !== names.pop() || !this.#take(">")) return undefined;
        stack.pop();
      } else {
        const name = this.#name();
        const attributes = name === undefined ? undefined : this.#attributes();
        if (attributes === undefined) return undefined;
        const element: XmlElement = { local: name!.slice(name!.indexOf(":") + 1), attributes, children: [], text: "" };
        if (top !== undefined) top.children.push(element);
        else if (root === undefined) root = element;
        else return undefined;
        if (this.#take("/")) {
          if (!this.#take(">")) return undefined;
        } else {
          if (!this.#take(">")) return undefined;
          if (stack.length >= this.#depth) return undefined;
          stack.push(element);
          names.push(name!);
        }
      }
    }
    return stack.length === 0 ? root : undefined;
  }

  /** Comments, CDATA and processing instructions; false for what is not allowed. */
  #skip(top: XmlElement | undefined): boolean {
    if (this.#take("![CDATA[")) {
      const data = this.#until("]]>");
      if (top === undefined || data === undefined) return false;
      top.text += data.replaceAll(/\r\n?/g, "\n");
      return true;
    }
    if (this.#take("!--")) return this.#until("--") !== undefined && this.#take(">");
    return this.#take("?") && this.#until("?>") !== undefined;
  }

  #attributes(): Record<string, string> | undefined {
    const attributes = Object.create(null) as Record<string, string>;
    for (;;) {
      const start = this.#at;
      this.#space();
      const next = this.#text[this.#at];
      if (next === ">" || next === "/") return attributes;
      if (start === this.#at) return undefined;
      const name = this.#name();
      this.#space();
      if (name === undefined || name in attributes || !this.#take("=")) return undefined;
      this.#space();
      const quote = this.#text[this.#at];
      if (quote !== '"' && quote !== "'") return undefined;
      this.#at++;
      const raw = this.#until(quote);
      const value = raw === undefined || raw.includes("<") ? undefined : unescape(raw.replaceAll(/[\t\r\n]/g, " "));
      if (value === undefined) return undefined;
      attributes[name] = value;
    }
  }

  #name(): string | undefined {
    nameForm.lastIndex = this.#at;
    const name = nameForm.exec(this.#text)?.[0];
    if (name !== undefined) this.#at += name.length;
    return name;
  }

  #space(): void {
    space.lastIndex = this.#at;
    this.#at += space.exec(this.#text)![0].length;
  }

  #take(text: string): boolean {
    if (!this.#text.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  /** What stands before `end`, which is passed; undefined when it does not come. */
  #until(end: string): string | undefined {
    const found = this.#text.indexOf(end, this.#at);
    if (found === -1) return undefined;
    const between = this.#text.slice(this.#at, found);
    this.#at = found + end.length;
    return between;
  }
}

const entities: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/** Character data with line ends normalised and references replaced; undefined when one is unknown. */
function unescape(raw: string): string | undefined {
  const text = raw.includes("\r") ? raw.replaceAll(/\r\n?/g, "\n") : raw;
  if (!text.includes("&")) return text;
  let valid = true;
  const replaced = text.replaceAll(
    /&(?:#(\d{1,7});|#x([\da-fA-F]{1,6});|(amp|lt|gt|quot|apos);)?/g,
    (_all, decimal, hex, name) => {
      if (name !== undefined) return entities[name as string]!;
      const code =
        decimal !== undefined ? Number(decimal) : hex !== undefined ? Number.parseInt(hex as string, 16) : -1;
      if (code < 0 || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff) || code === 0) {
        valid = false;
        return "";
      }
      return String.fromCodePoint(code);
    },
  );
  return valid ? replaced : undefined;
}
