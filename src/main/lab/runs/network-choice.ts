/** Which networks on which images: as it is asked for, and what it comes to for one run. */
import { LabError } from '../../../shared/errors.ts'
import type { Split } from '../../../shared/split.ts'
import type { LoadedCheckpoint, ProbabilityKey, Run } from '../../store/types.ts'
import { plural } from '../../../shared/wording.ts'

/** Which networks: those of a seed, from a checkpoint. */
export interface NetworkChoice {
  /** Default: the run's own seed. */
  seed?: number
  /** Step of the checkpoint; default: the newest. */
  at?: number
}

/** Which images, and how many. */
export interface ImageChoice {
  split: Split
  /** The first images of the split; absent: all of them. */
  images?: number
}

/** The networks of a run that were chosen. */
export interface ChosenNetworks {
  run: Run
  checkpoint: LoadedCheckpoint
  seed: number
}

/**
 * The first `count` of these networks on some images: what decides what each says of each.
 * @throws LabError `invalid-argument` when the run's split has fewer images
 */
export function onImages({ run, checkpoint, seed }: ChosenNetworks, count: number, choice: ImageChoice): ProbabilityKey {
  const { id: dataset, split: sizes } = run.document.data
  const { split } = choice
  const available = sizes[split]
  const images = choice.images ?? available
  if (available === 0) {
    throw new LabError('invalid-argument', `The data of ${run.id} has no ${split} images.`, 'Choose another split.', {
      settings: { split: null },
    })
  }
  if (images > available) {
    throw new LabError(
      'invalid-argument',
      `${plural(images, 'image')} were asked for, and the ${split} split of ${run.id} has ${plural(available, 'image')}.`,
      `Ask for at most ${plural(available, 'image')}.`,
      { settings: { images: available } },
    )
  }
  return { run: run.id, checkpoint: checkpoint.record.hash, seed, count, dataset, split, images }
}
