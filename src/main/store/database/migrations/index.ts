/** Every migration in order. Append only: what has been released is never edited, since stores were made by it. */
import { dataSetsAndRuns } from './0001-data-sets-and-runs.ts'
import { results } from './0002-results.ts'
import { removalAndArtefacts } from './0003-removal-and-artefacts.ts'
import { events } from './0004-events.ts'
import { extremesByLevel } from './0005-extremes-by-level.ts'
import { documentsOfVersion2 } from './0006-documents-of-version-2.ts'
import { oneTableOfResults } from './0007-one-table-of-results.ts'
import { commitCount } from './0008-commit-count.ts'
import type { Migration } from './migration.ts'

/** The n-th entry takes a store from version n (counted from 0) to n + 1. */
export const migrations: readonly Migration[] = [
  dataSetsAndRuns,
  results,
  removalAndArtefacts,
  events,
  extremesByLevel,
  documentsOfVersion2,
  oneTableOfResults,
  commitCount,
]
