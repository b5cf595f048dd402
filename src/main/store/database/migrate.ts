/** Brings a store to this version's schema, one numbered step a transaction, with a backup before. */
import { dirname } from 'node:path'
import { LabError } from '../../../shared/errors.ts'
import { damagedDatabase } from '../failures.ts'
import { backUp } from '../health/backups.ts'
import type { Database } from './database.ts'
import { applyMigration, type Migration } from './migrations/migration.ts'
import type { OpeningNotes } from '../types.ts'

/** Marks the file as a Weightscape store ("WSCP"), so that no other program's database is migrated by mistake. */
export const applicationId = 0x57534350

/** The schema version of a store; 0: empty. @throws LabError `bad-input` when the file is another program's database */
export function schemaVersion(database: Database): number {
  const version = Number(database.raw.pragma('user_version', { simple: true }))
  const application = Number(database.raw.pragma('application_id', { simple: true }))
  const tables = Number(database.raw.prepare('SELECT count(*) FROM sqlite_schema').pluck().get())
  if (application !== applicationId && (application !== 0 || tables > 0)) {
    throw new LabError('bad-input', `${database.path} is a database of another program.`, 'Choose another folder.', {
      settings: { dataDir: null },
    })
  }
  if (application === applicationId && version === 0) throw damagedDatabase(database.path, 'its version is missing')
  return version
}

/**
 * @param migrations all there are, in order
 * @param now milliseconds since the epoch, for the backup's name
 * @throws LabError `newer-store`
 */
export function migrate(database: Database, migrations: readonly Migration[], now: number): OpeningNotes['migrated'] {
  const from = schemaVersion(database)
  refuseNewer(database, from, migrations.length)
  if (from === migrations.length) return null
  const left: string[] = []
  const backup = from === 0 ? null : backUp(database, `version-${from}`, now)
  for (const [index, migration] of migrations.entries()) {
    if (index < from) continue
    database.transaction(`migration ${index + 1}`, () => {
      applyMigration(migration, database.raw, (row) => left.push(row))
      database.raw.pragma(`application_id = ${applicationId}`)
      database.raw.pragma(`user_version = ${index + 1}`)
    })
  }
  return { from, to: migrations.length, backup, left }
}

/** @throws LabError `newer-store` */
export function refuseNewer(database: Database, version: number, known: number): void {
  if (version <= known) return
  throw new LabError(
    'newer-store',
    `${dirname(database.path)} was written by a newer Weightscape (its store has version ${version}; this one knows up to ${known}).`,
    'Nothing was changed. Use that newer version, or another folder.',
    { settings: { dataDir: null } },
  )
}
