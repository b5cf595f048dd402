/** Networks that someone bookmarked, as receipts: from checkpoint, seed and index each is sampled again, bit for bit. */
import { LabError } from '../../../shared/errors.ts'
import { runKeys } from '../context.ts'
import type { StoreContext } from '../context.ts'
import type { NetworkBookmark } from '../types.ts'

export function networkStore(context: StoreContext) {
  const { db, now } = context
  const keyOf = runKeys(context)
  const put = db.command(
    'bookmark a network',
    `INSERT INTO network (run, checkpoint, seed, place, label, accuracy, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (run, checkpoint, seed, place) DO UPDATE SET label = excluded.label, accuracy = coalesce(excluded.accuracy, accuracy)`,
  )
  const ofRun = db.query<NetworkBookmark>(
    'list networks',
    `SELECT network.key AS id, run.id AS run, checkpoint, seed, place AS "index", label, accuracy, network.created_at AS createdAt
     FROM network JOIN run ON run.key = network.run WHERE run.id = ? ORDER BY network.key`,
  )
  const erase = db.command('remove the bookmark of a network', 'DELETE FROM network WHERE key = ?')
  return {
    /** A receipt already bookmarked gets the new label. */
    bookmark({ run, checkpoint, seed, index, label, accuracy }: Omit<NetworkBookmark, 'id' | 'createdAt'>): NetworkBookmark {
      put.run(keyOf(run), checkpoint, seed, index, label, accuracy, now())
      return ofRun.all(run).find((row) => row.checkpoint === checkpoint && row.seed === seed && row.index === index)!
    },
    list(run: string) {
      keyOf(run)
      return ofRun.all(run)
    },
    forget(id: number) {
      if (erase.run(id).changes === 0)
        throw new LabError('not-found', `There is no bookmarked network ${id}.`, 'See which there are.', { action: 'show-run' })
    },
  }
}
