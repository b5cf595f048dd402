/** One step from a schema version to the next. */
import type Sqlite from 'better-sqlite3'

/**
 * SQL, or code where rows must be read to be written anew. Code must do with an empty database too: the schema
 * that a store is checked against is made by the same steps.
 * @param left hears of rows that could not be brought along, and stay as they are
 */
export type Migration = string | ((raw: Sqlite.Database, left: (row: string) => void) => void)

export function applyMigration(migration: Migration, raw: Sqlite.Database, left: (row: string) => void): void {
  if (typeof migration === 'string') raw.exec(migration)
  else migration(raw, left)
}
