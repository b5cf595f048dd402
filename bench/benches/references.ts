/** Whether the numbers that rival methods are held against, in `npm test`, are still what other people's implementations say. */
import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { relativeError } from '../measure/relative-error.ts'
import { formatTable } from '../report/table.ts'
import { startRival } from '../workers/catalogue.ts'

/** Of the packages among themselves: another version or machine may add up in another order. */
const tolerance = 1e-5

const numbers = z.union([z.number(), z.array(z.number()), z.array(z.array(z.number()))])
const reference = z.object({
  /** Package and version that gave the answer. */
  reference: z.string(),
  method: z.string(),
  asked: z.record(z.string(), z.unknown()),
  answer: z.record(z.string(), numbers),
})

/** Asks the packages again for every kept answer; returns the table, and whether all are within the tolerance. */
export async function checkReferences(_options: unknown, say: (line: string) => void): Promise<{ text: string; ok: boolean }> {
  const folder = fileURLToPath(new URL('../../src/methods/', import.meta.url))
  const worker = await startRival('references', say)
  const { version } = await worker.ask('setup')
  const rows: string[][] = []
  let ok = true
  for (const path of globSync('*/fixtures/*.json', { cwd: folder }).toSorted()) {
    const { success, data } = reference.safeParse(JSON.parse(readFileSync(`${folder}${path}`, 'utf8')))
    if (!success) continue
    const found = await worker.ask(data.method, data.asked)
    for (const [name, kept] of Object.entries(data.answer)) {
      const error = relativeError(numbers.parse(found[name]), kept)
      ok &&= error <= tolerance
      rows.push([data.method, data.reference, name, error.toExponential(1)])
    }
  }
  await worker.close()
  const head = ['method', 'kept numbers of', 'what', 'largest relative error']
  return { text: `${formatTable(head, rows)}\n${String(version)}\n${ok ? 'all' : 'NOT all'} within ${tolerance}`, ok }
}
