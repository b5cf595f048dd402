/** Folders that a person wants something written into. */
import { LabError, toErrorValue } from '../../../shared/errors.ts'
import { makeFolders } from '../../store/files/folders.ts'

/** Makes a folder if it is not there, before what takes long begins. @throws LabError `disk` */
export function makeOutputFolder(path: string): void {
  try {
    makeFolders(path)
  } catch (cause) {
    throw new LabError('disk', `The folder ${path} could not be made: ${toErrorValue(cause).message.split('\n')[0]}.`, 'Choose another.', {
      cause,
      settings: { out: null },
    })
  }
}
