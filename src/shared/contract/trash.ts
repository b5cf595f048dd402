/** What was removed and can still come back. Runs and data sets are restored by `runs.restore` and `datasets.restore`. */
import { z } from 'zod'
import { effect, query } from './method.ts'
import { nothing } from './values.ts'

export const trashItemSchema = z.object({
  /** An orphan: found without an entry in the database. */
  kind: z.enum(['run', 'dataset', 'orphan']),
  /** Of a run; hash of a data set; name of an orphan. */
  id: z.string(),
  name: z.string(),
  deletedAt: z.number(),
  /** When it goes for good; null: when a person erases it. */
  goneAt: z.number().nullable(),
  /** Bytes of its files. */
  bytes: z.number(),
})
export type TrashItem = z.infer<typeof trashItemSchema>

const ids = z.array(z.string().min(1).max(200)).max(10_000)

export const trashMethods = {
  /** The newest first. */
  'trash.list': query(nothing, z.array(trashItemSchema)),
  /** Erases for good, all or none; answers the bytes freed. Refused where something that stays could not come back without it. */
  'trash.erase': effect(z.strictObject({ runs: ids, datasets: ids, orphans: ids.default([]) }), z.object({ bytes: z.number() })),
}
