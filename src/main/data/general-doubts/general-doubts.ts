/** What speaks against the way in which files were read, whatever their format; readers add what only they can see. */
import type { Doubt } from '../../../shared/import-options.ts'
import { plural } from '../../../shared/wording.ts'
import { acceptable, unusedDoubt } from '../doubts.ts'
import { labelSaysNone, noLabel, type ImageBuffer } from '../image-buffer.ts'
import type { Survey } from '../reader.ts'
import type { DatasetSplit } from '../split-dataset.ts'
import { nameDoubts } from './class-names.ts'
import { classDoubts, emptyDoubt, labelDoubts } from './labels.ts'
import { pixelDoubts } from './pixels.ts'
import { equalDoubts, untrainedDoubt } from './splits.ts'

export function generalDoubts(survey: Survey, buffer: ImageBuffer, dealt: DatasetSplit): Doubt[] {
  return [
    ...(survey.doubts ?? []),
    ...nameDoubts(survey.classNames),
    ...classDoubts(survey.classNames, buffer.labels),
    ...(survey.allSaid === true ? emptyDoubt(survey.classNames, buffer.labels) : []),
    ...labelDoubts(survey.classNames, buffer.labels, survey.labelColumn?.chosen ?? ''),
    ...unreadableDoubt(buffer),
    ...pixelDoubts(survey, buffer),
    ...equalDoubts(buffer, dealt),
    ...untrainedDoubt(survey.classNames, buffer.labels, dealt),
  ]
}

/** A file that is damaged is no matter; where many are, they are read wrongly. */
function unreadableDoubt({ unreadable: { count, examples }, unlabelled, labels }: ImageBuffer): Doubt[] {
  const all = labels.length + count
  const damaged = count - unlabelled.count - unlabelled.asked
  const first = examples.find(({ reason }) => !reason.startsWith(noLabel) && !reason.startsWith(labelSaysNone))
  const doubts = first === undefined || damaged === 0 ? [] : unusedDoubt(damaged, all, `${first.name}: ${first.reason}`)
  if (unlabelled.count === 0) return doubts
  const [have, they] = unlabelled.count === 1 ? ['has', 'it'] : ['have', 'they']
  return [
    ...doubts,
    acceptable(
      'labels-missing',
      `${unlabelled.count} of ${plural(all, 'image')} ${have} no label (${unlabelled.first}): ${they} would be left out.`,
      'Leave them out.',
    ),
  ]
}
