import type { TableRow } from "../state.ts";
import { Units } from "./consumed-capacity.ts";

/** What a request that touches several tables used of each. */
export class UnitsByTable {
  /** By name: one request may see a table's row several times. */
  readonly #tables = new Map<string, { readonly table: TableRow; readonly units: Units }>();

  of(table: TableRow): Units {
    const known = this.#tables.get(table.name);
    if (known) return known.units;
    const units = new Units();
    this.#tables.set(table.name, { table, units });
    return units;
  }

  add(table: TableRow, units: Units): void {
    this.of(table).addAll(units);
  }

  entries(): readonly (readonly [TableRow, Units])[] {
    return [...this.#tables.values()].map(({ table, units }) => [table, units]);
  }
}
