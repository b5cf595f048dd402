/** Folders that a person wants something written into. */
import { mkdir } from 'node:fs/promises'
import { LabError, toErrorValue } from '../../../shared/errors.ts'

/** Makes a folder if it is not there, before what takes long begins. @throws LabError `disk` */
export async function makeOutputFolder(path: string): Promise<void> {
  try {
    await mkdir(path, { recursive: true })
  } catch (cause) {
    throw new LabError('disk', `The folder ${path} could not be made: ${toErrorValue(cause).message.split('\n')[0]}.`, 'Choose another.', {
      cause,
      settings: { out: null },
    })
  }
}
