/**
 * The floor plan: who may import whom. Every file of `src/` belongs to one room, by its path. The test beside this
 * checks the code against it, and the diagram in ARCHITECTURE.md is drawn from it.
 */
export const rooms: Readonly<Record<string, Room>> = {
  base: { about: "clock, ids, arn, bytes, log", imports: [] },
  api: { about: "AWS's API models, generated", imports: ["base"] },
  storage: { about: "ordered keys, transactions, blobs", imports: ["base"] },
  languages: { about: "pure: policies, templates, patterns", imports: ["base"] },
  runtime: { about: "runs functions in processes", imports: ["base"] },
  kernel: { about: "context, records, jobs, the way to other rooms", imports: ["base", "api", "storage:types"] },
  services: {
    about: "one folder per AWS service, no doors between them",
    imports: ["base", "api", "kernel", "languages", "runtime:types"],
    apart: true,
  },
  gateway: { about: "HTTP → who, what, may they → HTTP", imports: ["base", "api", "kernel"] },
  platform: {
    about: "wires everything by hand",
    imports: ["base", "api", "storage", "languages", "runtime", "kernel", "services", "gateway"],
  },
  cli: { about: "the command line", imports: ["base", "platform"] },
};

export interface Room {
  readonly about: string;
  /** Rooms that this one may import; `room:types` where only types may be. */
  readonly imports: readonly string[];
  /** The folders of this room may not import one another. */
  readonly apart?: boolean;
}

export interface Place {
  readonly room: string;
  /** The folder inside the room: `dynamodb` for `src/services/dynamodb/service.ts`. */
  readonly folder: string;
}

/** Where a file of `src/` belongs (path with slashes, from the repository's root), or undefined when it is in no room. */
export function placeOf(path: string): Place | undefined {
  const [top, room = "", folder = ""] = path.split("/");
  if (top !== "src") return undefined;
  const name = room.replace(/\.ts$/, "");
  return Object.hasOwn(rooms, name) ? { room: name, folder } : undefined;
}

/** Why a file in `from` may not import one in `to`, or undefined when it may. */
export function whyNot(from: Place, to: Place, typeOnly: boolean): string | undefined {
  const room = rooms[from.room]!;
  if (from.room === to.room) {
    if (!room.apart || from.folder === to.folder) return undefined;
    return `services know nothing of each other; call its AWS API with ctx.aws(principal)["${to.folder}"]`;
  }
  if (room.imports.includes(to.room)) return undefined;
  if (room.imports.includes(`${to.room}:types`)) {
    if (typeOnly) return undefined;
    return `${from.room} may import only types from ${to.room}; take the object itself as a parameter, and let platform.ts pass it`;
  }
  const allowed = room.imports.length > 0 ? room.imports.join(", ") : "nothing";
  return `${from.room} may import ${allowed}; move what is shared into one of them, or take it as a parameter from platform.ts`;
}

/** The rooms as a Mermaid diagram; dotted arrows are imports of types only. */
export function drawRooms(): string {
  const lines = ["```mermaid", "flowchart TD"];
  for (const [name, room] of Object.entries(rooms)) lines.push(`  ${name}["<b>${name}</b><br/>${room.about}"]`);
  for (const [name, room] of Object.entries(rooms)) {
    // Nearly every room stands on base, and platform on all: those arrows would only hide the others.
    const arrows = name === "platform" ? ["gateway", "services", "runtime", "storage"] : room.imports;
    for (const target of arrows) {
      const [to, only] = target.split(":");
      if (to !== "base" || room.imports.length === 1) lines.push(`  ${name} ${only ? "-.->|types|" : "-->"} ${to}`);
    }
  }
  lines.push("```");
  return lines.join("\n");
}
