/** What a network's file says of the images it was trained on, so that it can be fed with the like. */
import { splitInWords } from '../../../shared/deal.ts'
import type { Data } from '../../../shared/experiment.ts'
import type { DatasetRecord } from '../records.ts'

/** As one text, since files of networks keep texts alone. */
export function dataNotes({ name, hash, height, width, channels, classNames, source }: DatasetRecord, data: Data): string {
  const { readings, changes, order, options } = source
  return JSON.stringify({
    name,
    hash,
    input: `${height} x ${width} x ${channels}; bytes from 0 to 255, divided by 255`,
    classes: classNames,
    ...(readings === undefined ? {} : { readings: Object.fromEntries(readings.map(({ what, from }) => [what, from])) }),
    ...(changes === undefined ? {} : { changes }),
    ...(order === null ? {} : { order }),
    ...(options === undefined ? {} : { answers: options }),
    ...(data.deal === undefined ? {} : { split: splitInWords(data) }),
  })
}
