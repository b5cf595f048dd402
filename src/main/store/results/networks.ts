/** Networks that someone bookmarked, as receipts: from checkpoint, seed and index each is sampled again, bit for bit. */
import { LabError } from '../../../shared/errors.ts'
import { runKeys } from '../context.ts'
import type { StoreContext } from '../context.ts'
import type { NetworkBookmark, NetworkStore } from '../types.ts'

interface Row {
  key: number
  run: string
  checkpoint: string
  seed: number
  place: number
  label: string
  accuracy: number | null
  created_at: number
}

export function networkStore(context: StoreContext): NetworkStore {
  const { db, now } = context
  const keyOf = runKeys(context)
  const put = db.command(
    'bookmark a network',
    `INSERT INTO network (run, checkpoint, seed, place, label, accuracy, created_at) VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (run, checkpoint, seed, place) DO UPDATE SET label = excluded.label, accuracy = coalesce(excluded.accuracy, accuracy)`,
  )
  const ofRun = db.query<Row>(
    'list networks',
    `SELECT network.key, run.id AS run, checkpoint, seed, place, label, accuracy, network.created_at
     FROM network JOIN run ON run.key = network.run WHERE run.id = ? ORDER BY network.key`,
  )
  const erase = db.command('remove the bookmark of a network', 'DELETE FROM network WHERE key = ?')
  return {
    bookmark({ run, checkpoint, seed, index, label, accuracy }) {
      put.run(keyOf(run), checkpoint, seed, index, label, accuracy, now())
      const bookmark = ofRun.all(run).find((row) => row.checkpoint === checkpoint && row.seed === seed && row.place === index)
      return toNetwork(bookmark!)
    },
    list(run) {
      keyOf(run)
      return ofRun.all(run).map(toNetwork)
    },
    forget(id) {
      if (erase.run(id).changes === 0)
        throw new LabError('not-found', `There is no bookmarked network ${id}.`, 'See which there are.', { action: 'show-run' })
    },
  }
}

function toNetwork({ key, place, created_at: createdAt, ...rest }: Row): NetworkBookmark {
  return { ...rest, id: key, index: place, createdAt }
}
