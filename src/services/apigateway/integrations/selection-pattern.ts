/**
 * Regular expressions that cannot hang: the pattern becomes an automaton whose states are followed all at once, so the time
 * is that of pattern length times text length whatever the pattern. Decides, like Java's `matches`, on the whole text.
 */
export interface SelectionPattern {
  matches(text: string): boolean;
}

/** The pattern is malformed, or uses what needs backtracking. */
export class PatternError extends Error {
  override readonly name = "PatternError";
  readonly unsupported: boolean;

  constructor(message: string, unsupported = false) {
    super(message);
    this.unsupported = unsupported;
  }
}

/** Texts are looked at this far. */
const maxText = 8192;
const maxStates = 4000;
const maxDepth = 100;

type Test = (char: string) => boolean;

/** A state either reads one character and goes on, or forks without reading, or accepts. */
type State =
  | { readonly kind: "read"; readonly test: Test; next: number }
  | { readonly kind: "fork"; readonly ways: number[] }
  | { readonly kind: "start" | "end"; next: number }
  | { readonly kind: "accept" };

/** Builds the states of a piece of pattern that go on at `next`; answers where the piece begins. */
type Piece = (next: number) => number;

export function compileSelectionPattern(source: string): SelectionPattern {
  const parser = new PatternParser(source);
  const piece = parser.parse();
  const { states } = parser;
  const accept = states.push({ kind: "accept" }) - 1;
  const begin = piece(accept);
  return { matches: (text) => run(states, begin, accept, text.slice(0, maxText)) };
}

function run(states: readonly State[], begin: number, accept: number, text: string): boolean {
  let current = new Set<number>();
  const enter = (into: Set<number>, first: number, at: number) => {
    const open = [first];
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      if (into.has(id)) continue;
      into.add(id);
      const state = states[id]!;
      if (state.kind === "fork") open.push(...state.ways);
      else if ((state.kind === "start" && at === 0) || (state.kind === "end" && at === text.length)) {
        open.push(state.next);
      }
    }
  };
  enter(current, begin, 0);
  for (let at = 0; at < text.length; at++) {
    const next = new Set<number>();
    for (const id of current) {
      const state = states[id]!;
      if (state.kind === "read" && state.test(text[at]!)) enter(next, state.next, at + 1);
    }
    if (next.size === 0) return false;
    current = next;
  }
  return current.has(accept);
}

class PatternParser {
  readonly states: State[] = [];
  readonly #source: string;
  #at = 0;
  #ignoreCase = false;
  #dotAll = false;

  constructor(source: string) {
    this.#source = source;
  }

  parse(): Piece {
    const piece = this.#alternatives(0);
    if (this.#at < this.#source.length) throw new PatternError(`Unmatched ")" at ${this.#at}`);
    return piece;
  }

  #add(state: State): number {
    if (this.states.length >= maxStates) throw new PatternError("The pattern is too large");
    return this.states.push(state) - 1;
  }

  #alternatives(depth: number): Piece {
    if (depth > maxDepth) throw new PatternError("The pattern is nested too deeply");
    const ways: Piece[] = [this.#sequence(depth)];
    while (this.#take("|")) ways.push(this.#sequence(depth));
    if (ways.length === 1) return ways[0]!;
    return (next) => this.#add({ kind: "fork", ways: ways.map((way) => way(next)) });
  }

  #sequence(depth: number): Piece {
    const pieces: Piece[] = [];
    while (this.#at < this.#source.length && !/[|)]/.test(this.#source[this.#at]!)) {
      pieces.push(this.#repeated(this.#atom(depth)));
    }
    return (next) => pieces.reduceRight((then, piece) => piece(then), next);
  }

  #repeated(piece: Piece): Piece {
    const [min, max] = this.#quantifier() ?? [1, 1];
    if (min === 1 && max === 1) return piece;
    // Greedy or reluctant is all the same for yes or no; possessive is not.
    if (!this.#take("?") && this.#take("+")) throw new PatternError("a possessive quantifier", true);
    return (next) => {
      let then = next;
      if (max === Infinity) {
        const fork: State & { kind: "fork" } = { kind: "fork", ways: [next] };
        then = this.#add(fork);
        fork.ways.push(piece(then));
      } else {
        for (let left = max - min; left > 0; left--) then = this.#add({ kind: "fork", ways: [next, piece(then)] });
      }
      for (let left = min; left > 0; left--) then = piece(then);
      return then;
    };
  }

  #quantifier(): readonly [number, number] | undefined {
    if (this.#take("*")) return [0, Infinity];
    if (this.#take("+")) return [1, Infinity];
    if (this.#take("?")) return [0, 1];
    const counted = /^\{(\d{1,4})(?:(,)(\d{1,4})?)?\}/.exec(this.#source.slice(this.#at, this.#at + 16));
    if (counted === null) return undefined;
    this.#at += counted[0].length;
    const min = Number(counted[1]);
    const max = counted[2] === undefined ? min : counted[3] === undefined ? Infinity : Number(counted[3]);
    if (max < min) throw new PatternError("A quantifier ends before it begins");
    return [min, max];
  }

  #atom(depth: number): Piece {
    const char = this.#source[this.#at++]!;
    switch (char) {
      case "(":
        return this.#group(depth);
      case "[":
        return this.#read(this.#class());
      case ".":
        return this.#read(this.#dotAll ? () => true : (read) => !/[\n\r\u0085\u2028\u2029]/.test(read));
      case "^":
        return (next) => this.#add({ kind: "start", next });
      case "$":
        return (next) => this.#add({ kind: "end", next });
      case "\\":
        return this.#read(this.#escape());
      case "*":
      case "+":
      case "?":
        throw new PatternError(`Dangling "${char}" at ${this.#at - 1}`);
      default:
        return this.#read(this.#literal(char));
    }
  }

  #group(depth: number): Piece {
    const [ignoreCase, dotAll] = [this.#ignoreCase, this.#dotAll];
    if (this.#take("?")) {
      const flags = /^([is]{0,2})([:)])/.exec(this.#source.slice(this.#at, this.#at + 3));
      if (flags === null) throw new PatternError(`the group (?${this.#source[this.#at] ?? ""}`, true);
      this.#at += flags[0].length;
      this.#ignoreCase ||= flags[1]!.includes("i");
      this.#dotAll ||= flags[1]!.includes("s");
      // (?i) holds for the rest of the group that it stands in.
      if (flags[2] === ")") return (next) => next;
    }
    const inner = this.#alternatives(depth + 1);
    if (!this.#take(")")) throw new PatternError("A group has no end");
    [this.#ignoreCase, this.#dotAll] = [ignoreCase, dotAll];
    return inner;
  }

  #class(): Test {
    const negated = this.#take("^");
    const tests: Test[] = [];
    for (let first = true; first || this.#source[this.#at] !== "]"; first = false) {
      const char = this.#source[this.#at++];
      if (char === undefined) throw new PatternError("A character class has no end");
      if (char === "[" || (char === "&" && this.#source[this.#at] === "&")) {
        throw new PatternError("a character class in another", true);
      }
      if (char === "\\" && /[dDwWsS]/.test(this.#source[this.#at] ?? "")) {
        tests.push(this.#escape());
        continue;
      }
      const from = char === "\\" ? this.#escapedChar() : char;
      if (this.#source[this.#at] !== "-" || this.#source[this.#at + 1] === "]") {
        tests.push(this.#literal(from));
        continue;
      }
      this.#at++;
      const end = this.#source[this.#at++];
      if (end === undefined) throw new PatternError("A character class has no end");
      const to = end === "\\" ? this.#escapedChar() : end;
      tests.push(
        this.#ignoreCase
          ? (read) => variants(read).some((one) => one >= from && one <= to)
          : (read) => read >= from && read <= to,
      );
    }
    this.#at++;
    return (read) => tests.some((test) => test(read)) !== negated;
  }

  #escape(): Test {
    const char = this.#source[this.#at] ?? "";
    const kind = { d: /[0-9]/, w: /[a-zA-Z0-9_]/, s: /[ \t\n\v\f\r]/ }[char.toLowerCase()];
    if (kind === undefined) return this.#literal(this.#escapedChar());
    this.#at++;
    const wanted = char === char.toLowerCase();
    return (read) => kind.test(read) === wanted;
  }

  #escapedChar(): string {
    const char = this.#source[this.#at++];
    if (char === undefined) throw new PatternError("A backslash ends the pattern");
    const control = { n: "\n", r: "\r", t: "\t", f: "\f" }[char];
    if (control !== undefined) return control;
    if (/[a-zA-Z0-9]/.test(char)) throw new PatternError(`the escape \\${char}`, true);
    return char;
  }

  #literal(char: string): Test {
    return this.#ignoreCase ? (read) => variants(read).includes(char) : (read) => read === char;
  }

  #read(test: Test): Piece {
    return (next) => this.#add({ kind: "read", test, next });
  }

  #take(char: string): boolean {
    if (this.#source[this.#at] !== char) return false;
    this.#at++;
    return true;
  }
}

function variants(char: string): readonly string[] {
  return [char, char.toLowerCase(), char.toUpperCase()];
}
