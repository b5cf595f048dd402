/** Reads all that files hold, from memory, and checks that every picture is whole. */
import assert from 'node:assert/strict'
import type { ImportOptions } from '../../../shared/dataset-import.ts'
import { makePlan } from '../plan.ts'
import type { Reader } from '../reader.ts'
import { TreeFile } from '../tree/tree-file.ts'
import { testContext } from './imports.ts'
import type { Sample } from './samples.ts'

export function fileInMemory({ name, bytes }: Sample): TreeFile {
  const read = (into: Uint8Array, position: number): Promise<number> => {
    const there = bytes.subarray(position, position + into.length)
    into.set(there)
    return Promise.resolve(there.length)
  }
  return new TreeFile(name, bytes.length, { read })
}

/** Reads all pictures; every one must be whole. @returns how many there are, readable and not */
export async function readAll(
  reader: Reader,
  files: readonly Sample[],
  options: ImportOptions = {},
): Promise<{ read: number; unreadable: number }> {
  const context = testContext('/nowhere')
  const survey = await reader.survey(files.map(fileInMemory), options, context)
  let [read, unreadable] = [0, survey.unreadable.length]
  if (survey.sizes.length === 0) return { read, unreadable }
  const plan = makePlan(survey.sizes, options)
  for await (const picture of survey.pictures(plan, context)) {
    if ('reason' in picture) {
      unreadable++
      continue
    }
    read++
    assert.equal(picture.pixels.length, plan.height * plan.width * plan.channels)
    assert.ok(picture.label < survey.classNames.length)
  }
  assert.ok(read + unreadable <= survey.count + survey.unreadable.length)
  return { read, unreadable }
}
