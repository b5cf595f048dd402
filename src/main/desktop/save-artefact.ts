/** Hands a file of the lab to the person, where they say. */
import { app, dialog } from 'electron'
import type { BrowserWindow } from 'electron'
import { randomUUID } from 'node:crypto'
import { copyFile, rename, rm } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { LabError } from '../../shared/errors.ts'
import type { ArtefactFile } from '../api/handlers.ts'

/**
 * @returns whether it was saved; false: the person changed their mind
 * @throws LabError `disk`
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
  // Beside it first: what is there already stays whole until the new one is.
  const beside = `${filePath}.${randomUUID()}.part`
  try {
    await copyFile(file.path, beside)
    await rename(beside, filePath)
  } catch (cause) {
    await rm(beside, { force: true }).catch(() => undefined)
    throw new LabError(
      'disk',
      `${filePath} could not be written: ${cause instanceof Error ? cause.message : String(cause)}`,
      'Choose another place, or make room there.',
      { cause },
    )
  }
  return true
}
