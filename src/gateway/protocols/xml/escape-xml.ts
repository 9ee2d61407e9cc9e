// oxlint-disable-next-line no-control-regex -- these are the characters meant
const special = /[&<>"\u0000-\u0008\u000b-\u001f\u0085\u2028]/;
// oxlint-disable-next-line no-control-regex -- these are the characters meant
const allSpecial = /[&<>"\u0000-\u0008\u000b-\u001f\u0085\u2028]/g;

/** Text as it stands in an element or a quoted attribute. Control characters become references, as AWS writes them. */
export function escapeXml(text: string): string {
  return special.test(text) ? text.replaceAll(allSpecial, escaped) : text;
}

function escaped(character: string): string {
  switch (character) {
    case "&":
      return "&amp;";
    case "<":
      return "&lt;";
    case ">":
      return "&gt;";
    case '"':
      return "&quot;";
    default:
      return `&#x${character.charCodeAt(0).toString(16).toUpperCase()};`;
  }
}
