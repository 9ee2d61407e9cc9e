import { drawRooms } from "./rooms.ts";

const begin = "<!-- rooms: drawn by `npm run floor-plan` from tools/floor-plan/rooms.ts -->";
const end = "<!-- /rooms -->";

/** The document with the present diagram between the markers. */
export function withDiagram(document: string): string {
  const from = document.indexOf(begin);
  const to = document.indexOf(end);
  if (from < 0 || to < from)
    throw new Error(`ARCHITECTURE.md needs the lines "${begin}" and "${end}" around its diagram.`);
  return `${document.slice(0, from)}${begin}\n\n${drawRooms()}\n\n${document.slice(to)}`;
}
