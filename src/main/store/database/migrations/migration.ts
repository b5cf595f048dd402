/** A step from one version of a store to the next: SQL, or what SQL cannot say. It runs within a transaction. */
import type Sqlite from 'better-sqlite3'

export type Migration = string | ((raw: Sqlite.Database) => void)

export function applyMigration(raw: Sqlite.Database, migration: Migration): void {
  if (typeof migration === 'string') raw.exec(migration)
  else migration(raw)
}
