/** Whether a setting may have a value, said before a document is made of it. */
import { describeAllowed, schemaAt } from './document-keys.ts'
import { experimentSchema, type Experiment } from './experiment.ts'
import type { rangeSchema, SetValue } from './sweep.ts'
import type { z } from 'zod'

/** Why not, in a few words; null: it may, by itself. @param document that has the setting */
export function valueFault({ key, value }: SetValue, document: Experiment): string | null {
  if (typeof value === 'number' && !Number.isFinite(value)) return 'a number in it is too large'
  const path = key.split('.')
  const node = schemaAt(path, document)
  const issues = experimentSchema.safeParse(withValue(document, path, value)).error?.issues ?? []
  const isOfIt = issues.some(({ path: place }) => path.every((part, at) => String(place[at]) === part))
  return isOfIt && node !== undefined ? `${JSON.stringify(value)} is not allowed: give ${describeAllowed(node)}` : null
}

/** The same of both ends of a range; of whole numbers, of the first and the last that lie in it. */
export function rangeFault({ key, low, high }: z.infer<typeof rangeSchema>, document: Experiment): string | null {
  const isWhole = schemaAt(key.split('.'), document)?.type === 'integer' && Math.ceil(low) <= Math.floor(high)
  const ends = isWhole ? [Math.ceil(low), Math.floor(high)] : [low, high]
  return ends.map((value) => valueFault({ key, value }, document)).find((fault) => fault !== null) ?? null
}

function withValue<T>(whole: T, [part, ...rest]: readonly string[], value: unknown): unknown {
  if (part === undefined) return value
  const inner = withValue((whole as Record<string, unknown> | undefined)?.[part], rest, value)
  return Array.isArray(whole) ? whole.with(Number(part), inner) : { ...whole, [part]: inner }
}
