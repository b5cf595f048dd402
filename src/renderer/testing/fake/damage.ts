/** A made-up lab whose database is damaged until it is repaired. */
import type { MethodName, ParamsOf, ResultOf } from '../../../shared/contract.ts'
import { LabError } from '../../../shared/errors.ts'
import type { FakeLab } from '../fake-lab.ts'

export function damage(lab: FakeLab): void {
  const folder = '/home/ada/.local/share/weightscape'
  lab.open = () => ({ close: () => undefined })
  lab.call = async <M extends MethodName>(method: M, _params: ParamsOf<M>): Promise<ResultOf<M>> => {
    await new Promise((resolve) => setTimeout(resolve, 300))
    if (method !== 'system.repair') {
      throw new LabError(
        'corrupt',
        `The database ${folder}/weightscape.db is damaged: the last 12 changes are missing; was its log cut off, or an older copy put in its place?`,
        'Nothing was changed. Repair it: what can be read in it, in its backups and in the files beside it is put together anew, and the damaged one is kept.',
        { action: 'repair', settings: { dataDir: folder } },
      )
    }
    return {
      ...{ runs: 14, datasets: 3, checkpoints: 31, results: 57 },
      kept: `${folder}/damaged/2026-11-28T05-20-00-000Z`,
      done: ['The database that was there was taken; its last 12 changes had been lost.'],
      lost: ['runs/brisk-heron/checkpoints/00000250-1f0c.safetensors could not be used: it is damaged or no file of this kind.'],
    } as ResultOf<M>
  }
}
