/** Hands a file of the lab to the person, where they say. */
import { app, dialog } from 'electron'
import type { BrowserWindow } from 'electron'
import { extname, join } from 'node:path'
import type { ArtefactFile } from '../api/handlers.ts'
import { copyOutput, refuseOwnFiles } from '../lab/exports/output.ts'

/**
 * @returns whether it was saved; false: the person changed their mind
 * @throws LabError `disk`, `invalid-argument`
 */
export async function saveArtefact(file: ArtefactFile, name: string, window: BrowserWindow): Promise<boolean> {
  const extension = extname(file.name).slice(1)
  // It asks itself before a file is overwritten.
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    defaultPath: join(app.getPath('downloads'), name === '' ? file.name : name),
    filters: [
      ...(extension === '' ? [] : [{ name: extension.toUpperCase(), extensions: [extension] }]),
      { name: 'All files', extensions: ['*'] },
    ],
  })
  if (canceled || filePath === '') return false
  refuseOwnFiles(filePath)
  await copyOutput(file.path, filePath)
  return true
}
