/** Whether the whole text matches. */
export type PatternTest = (text: string) => boolean;

/**
 * Longest text that a pattern is run on when its shape has no maximum and the pattern is more than one character class:
 * such shapes are names, ids and ARNs. Longer ones do not match. It bounds patterns whose time grows with the square.
 */
const longestText = 10_240;

/**
 * Patterns that take exponential time in a backtracking engine, and what says the same without. The messages show AWS's.
 */
const rewritten: Readonly<Record<string, string>> = {
  // ecr ScanningRepositoryFilterValue: separators, each followed by something else.
  "^[a-z0-9*](?:[._\\-/a-z0-9*]?[a-z0-9*]+)*$": "[a-z0-9*]+(?:[._\\-/][a-z0-9*]+)*",
  // events AuthHeaderParameters, HeaderValue; pipes HeaderValue: the space belongs to both halves of the repetition.
  "^[ \\t]*[^\\x00-\\x1F:\\x7F]+([ \\t]+[^\\x00-\\x1F:\\x7F]+)*[ \\t]*$":
    "\\t*[^\\x00-\\x1F:\\x7F][^\\x00-\\x08\\x0A-\\x1F:\\x7F]*",
  "^[ \\t]*[\\x20-\\x7E]+([ \\t]+[\\x20-\\x7E]+)*[ \\t]*$": "\\t*[\\x20-\\x7E][\\t\\x20-\\x7E]*",
  "[ \\t]*[\\x20-\\x7E]+([ \\t]+[\\x20-\\x7E]+)*[ \\t]*|(\\$(\\.[\\w/_-]+(\\[(\\d+|\\*)\\])*)*)":
    "\\t*[\\x20-\\x7E][\\t\\x20-\\x7E]*",
  // rds BlueGreenDeploymentName: single hyphens between letters and digits.
  "[a-zA-Z](?:-?[a-zA-Z0-9]+)*": "[a-zA-Z][a-zA-Z0-9]*(?:-[a-zA-Z0-9]+)*",
};

/** Classes that Java has and JavaScript has not; what stands inside the brackets. */
const javaClasses: Readonly<Record<string, string>> = {
  Alpha: "a-zA-Z",
  Digit: "0-9",
  Alnum: "a-zA-Z0-9",
  Upper: "A-Z",
  Lower: "a-z",
  Punct: "!-\\/:-@\\[-`\\{-~",
  Graph: "!-~",
  Print: " -~",
  Blank: " \\t",
  Cntrl: "\\x00-\\x1F\\x7F",
  XDigit: "0-9a-fA-F",
  Space: " \\t\\n\\v\\f\\r",
  ASCII: "\\x00-\\x7F",
};

const space = " \\t\\n\\v\\f\\r";

/** A test for a pattern of a model, which is a Java regular expression that the whole value has to match. */
export function compilePattern(pattern: string, max?: number): PatternTest {
  const source = rewritten[pattern] ?? pattern;
  const { body, flags } = translate(source);
  const regexp = new RegExp(`^(?:${body})$`, flags);
  if (max !== undefined || isOneClass(source)) return (text) => regexp.test(text);
  return (text) => text.length <= longestText && regexp.test(text);
}

/** Patterns such as `[\w.-]+` and `.*\S.*`, which take linear time. */
function isOneClass(pattern: string): boolean {
  return /^\^?\(?(\[(?:[^\]\\]|\\.)*\]|\.|\\\w)[*+]\)?\$?$/.test(pattern) || /^(\.|\[\\s\\S\])\*\\S\1\*$/.test(pattern);
}

/** The same expression for JavaScript, which differs in escapes, classes and flags. */
export function translate(pattern: string): { readonly body: string; readonly flags: string } {
  let flags = "u";
  let body = "";
  let inClass = false;
  let rest = pattern;
  const inline = /^\(\?([is]+)\)/.exec(rest);
  if (inline) {
    flags += inline[1];
    rest = rest.slice(inline[0].length);
  }
  for (let i = 0; i < rest.length; i++) {
    const character = rest.charAt(i);
    if (character === "\\") {
      const name = /^p\{(\w+)\}/.exec(rest.slice(i + 1));
      const named = name?.[1] !== undefined && Object.hasOwn(javaClasses, name[1]) ? javaClasses[name[1]] : undefined;
      if (name && named !== undefined) {
        body += inClass ? named : `[${named}]`;
        i += name[0].length;
        continue;
      }
      i++;
      body += escape(rest.charAt(i), inClass);
    } else if (inClass) {
      if (character === "]") inClass = false;
      // A hyphen beside a class of characters stands for itself; JavaScript wants that said.
      body += character === "[" || (character === "-" && standsForItself(rest, i)) ? `\\${character}` : character;
    } else {
      if (character === "[") {
        inClass = true;
        if (rest.charAt(i + 1) === "^") {
          body += "[^";
          i++;
          continue;
        }
      }
      const loose = (character === "{" && !/^\{\d+(,\d*)?\}/.test(rest.slice(i))) || character === "]";
      // A second plus after a quantifier is possessive: it never gives back, which changes no answer for a whole match of
      // the patterns in use.
      if (character === "+" && /[+*?}]$/.test(body) && !/\\.$/.test(body)) continue;
      body += loose ? `\\${character}` : character;
    }
  }
  return { body, flags };
}

function escape(character: string, inClass: boolean): string {
  if (character === "s") return inClass ? space : `[${space}]`;
  if (character === "S" && !inClass) return `[^${space}]`;
  if (character === "Z" || character === "z") return "$";
  if (character === "A") return "^";
  if (/[a-zA-Z0-9]/.test(character)) return `\\${character}`;
  // With the flag u, only these may be escaped.
  return "^$\\.*+?()[]{}|/".includes(character) || (inClass && character === "-") ? `\\${character}` : character;
}

/** Whether the hyphen at `at`, within brackets, is no range: it is beside `\w`, `\d`, `\s`, `\p{…}` or another range's end. */
function standsForItself(pattern: string, at: number): boolean {
  const before = pattern.slice(0, at);
  return (
    /\\[wdsWDS]$|\\p\{\w+\}$/.test(before) ||
    /^\\(?:[wdsWDS]|p\{)/.test(pattern.slice(at + 1)) ||
    /(?:[^\\[]|\\.)-(?:[^\\]|\\[^uxp]|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2})$/.test(before.slice(before.lastIndexOf("[")))
  );
}
