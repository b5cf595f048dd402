/** Folders of runs and data sets that are being copied from elsewhere: until their rows are there they are nobody's. */
import { readdirSync, statSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { partEnding, writeWhole } from './files.ts'

/** What such a folder holds first, and until its row is there. */
const mark = `.being-taken${partEnding}`

/** @param path of a folder that is there and empty @throws LabError `disk` */
export const beginTaking = (path: string): Promise<void> => writeWhole(join(path, mark), new Uint8Array(0), 'take a folder over')

/** Its row is there. */
export const endTaking = (path: string): Promise<void> => rm(join(path, mark), { force: true })

/** Whether a folder holds the mark, or nothing that is finished: a kill may come before the mark itself is whole. */
export function isBeingTaken(path: string): boolean {
  if (!statSync(path).isDirectory()) return false
  const names = readdirSync(path)
  return names.includes(mark) || names.every((name) => name.endsWith(partEnding))
}
