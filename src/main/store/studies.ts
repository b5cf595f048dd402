/** Studies by name, a small file each: what they ask for are runs and results, which have rows of their own. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { LabError, messageOf } from '../../shared/errors.ts'
import { quoted } from '../../shared/names.ts'
import { studyName, studyRecordSchema, type StudyRecord } from '../../shared/study.ts'
import { assertWritable } from './context.ts'
import type { StoreContext } from './context.ts'
import { fileFailure } from './failures.ts'
import { fromChecksummedJson, toChecksummedJson } from './files/checksummed-json.ts'
import { makeFolder, writeWhole } from './files/files.ts'

const ending = '.json'

/** Of so many what was read is kept: a window asks for the same again and again. */
const mostKept = 8

export function studyStore(context: StoreContext) {
  const folder = join(context.dataDir, 'studies')
  const kept = new Map<string, { text: string; record: StudyRecord }>()
  const pathOf = (name: string): string => join(folder, `${name}${ending}`)

  // No other name is a file's here: none leads elsewhere.
  const has = (name: string): boolean => studyName.safeParse(name).success && existsSync(pathOf(name))

  /** The same object as long as the file stays as it is. @throws LabError `not-found`, `corrupt`, `disk` */
  function get(name: string): StudyRecord {
    if (!has(name))
      throw new LabError('not-found', `There is no study or sweep ${quoted(name)}.`, 'See which there are.', { action: 'list-studies' })
    let text: string
    try {
      text = readFileSync(pathOf(name), 'utf8')
    } catch (error) {
      throw fileFailure(error, 'read a study', pathOf(name))
    }
    const known = kept.get(name)
    if (known?.text === text) return known.record
    const read = studyRecordSchema.safeParse(fromChecksummedJson(text, `The study ${name}`))
    kept.delete(name)
    if (read.success) {
      const [oldest] = kept.keys()
      if (kept.size === mostKept && oldest !== undefined) kept.delete(oldest)
      kept.set(name, { text, record: read.data })
      return read.data
    }
    throw new LabError(
      'corrupt',
      `This version cannot read the study ${name}.`,
      'Use the version that wrote it; its runs are there as ever.',
    )
  }

  const names = (): string[] =>
    existsSync(folder)
      ? readdirSync(folder)
          .filter((file) => file.endsWith(ending) && studyName.safeParse(file.slice(0, -ending.length)).success)
          .map((file) => file.slice(0, -ending.length))
          .sort()
      : []

  return {
    get,
    has,
    /** In order of name; of one that cannot be read, why. */
    all(): { records: StudyRecord[]; lost: { name: string; why: string }[] } {
      const [records, lost]: [StudyRecord[], { name: string; why: string }[]] = [[], []]
      for (const name of names()) {
        try {
          records.push(get(name))
        } catch (error) {
          lost.push({ name, why: messageOf(error) })
        }
      }
      return { records, lost }
    },
    /** In the place of one of the same name. @throws LabError `disk` */
    async put(record: StudyRecord): Promise<void> {
      assertWritable(context)
      makeFolder(context.dataDir, folder)
      await writeWhole(pathOf(record.name), Buffer.from(toChecksummedJson(record)), 'keep a study')
    },
    /** Its runs stay. */
    async remove(name: string): Promise<void> {
      assertWritable(context)
      get(name)
      await rm(pathOf(name), { force: true })
    },
  }
}
