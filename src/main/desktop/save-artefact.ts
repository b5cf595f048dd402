/** Hands a file of the lab to the person, where they say. */
import { randomUUID } from 'node:crypto'
import { copyFile, rename, rm } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { LabError } from '../../shared/errors.ts'
import type { ArtefactFile } from '../api/handlers.ts'

export interface SaveChoice {
  canceled: boolean
  filePath: string
}

export interface SaveContext {
  artefact(id: string): ArtefactFile | Promise<ArtefactFile>
  /** The system's dialog. It asks itself before a file is overwritten. */
  ask(options: { defaultPath: string; filters: { name: string; extensions: string[] }[] }): Promise<SaveChoice>
  downloads: string
}

/**
 * @returns whether it was saved; false: the person changed their mind
 * @throws LabError `not-found`, `disk`
 */
export async function saveArtefact(id: string, name: string, options: SaveContext): Promise<boolean> {
  const file = await options.artefact(id)
  const extension = extname(file.name).slice(1)
  const { canceled, filePath } = await options.ask({
    defaultPath: join(options.downloads, name === '' ? file.name : name),
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
