import { VtlError } from "./ast.ts";

/** A place in a template's source. */
export class Scanner {
  readonly source: string;
  at = 0;

  constructor(source: string) {
    this.source = source;
  }

  get done(): boolean {
    return this.at >= this.source.length;
  }

  peek(offset = 0): string {
    return this.source.charAt(this.at + offset);
  }

  startsWith(text: string): boolean {
    return this.source.startsWith(text, this.at);
  }

  /** Steps over `text` if it stands here. */
  take(text: string): boolean {
    if (!this.startsWith(text)) return false;
    this.at += text.length;
    return true;
  }

  /** Steps over what a sticky pattern matches here. */
  match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.source)?.[0];
    if (found !== undefined) this.at += found.length;
    return found;
  }

  require(text: string, where: string): void {
    if (!this.take(text)) throw this.error(`Expected "${text}" ${where}`);
  }

  error(message: string, at = this.at): VtlError {
    return new VtlError(message, this.source, at);
  }

  unsupported(what: string, at = this.at): VtlError {
    return new VtlError(`${what} is not implemented`, this.source, at, true);
  }
}
