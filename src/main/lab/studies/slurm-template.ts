/** A job script for Slurm with places to be filled in, which people can replace by their own. */
import { LabError } from '../../../shared/errors.ts'
import { quoted } from '../../../shared/names.ts'

export interface SlurmOptions {
  partition?: string
  /** As Slurm writes it: 2:00:00. */
  time?: string
  cores?: number
  account?: string
}

/** A line with a place that nothing is given for is left out. @throws LabError `invalid-argument` for a place that is not known */
export function fillTemplate(template: string, values: Readonly<Record<string, string | undefined>>): string {
  const lines = template.split('\n').flatMap((line) => {
    const places = [...line.matchAll(/\{\{\s*(.*?)\s*\}\}/g)].map(([, place]) => place)
    const unknown = places.find((place) => !Object.hasOwn(values, place))
    if (unknown !== undefined)
      throw new LabError(
        'invalid-argument',
        `The template has a place ${quoted(`{{${unknown}}}`)}, which nothing is known for.`,
        `Its places may be ${Object.keys(values)
          .map((place) => `{{${place}}}`)
          .join(', ')}.`,
        { settings: { template: null } },
      )
    if (places.some((place) => values[place] === undefined)) return []
    return [line.replaceAll(/\{\{\s*(.*?)\s*\}\}/g, (_, place: string) => values[place]!)]
  })
  return lines.join('\n')
}
