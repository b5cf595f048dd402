/** A folder within the data folder, in which runs are put together before they are taken over as a whole. */
import { mkdtemp, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { partEnding } from '../../store/files/files.ts'

/** @param dataDir of the lab @param work is given the folder, which is gone when that ends */
export async function inStaging<T>(dataDir: string, work: (staging: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(dataDir, '.import-'))
  const staging = `${folder}${partEnding}`
  try {
    // By its ending it is swept at the next opening, should this process be killed.
    await rename(folder, staging)
    return await work(staging)
  } finally {
    await rm(folder, { recursive: true, force: true })
    await rm(staging, { recursive: true, force: true })
  }
}
