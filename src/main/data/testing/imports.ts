/** Whole imports, in this process and in folders that are gone afterwards. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { ImportOptions, ImportPreview, StagedDataset } from '../../../shared/dataset-import.ts'
import { omitUndefined } from '../../../shared/omit-undefined.ts'
import { doubtCodes } from '../../../shared/import-options.ts'
import type { DoubtCode } from '../../../shared/import-options.ts'
import type { ImportContext } from '../context.ts'
import { ImportWork } from '../import-work.ts'
import { defaultLimits } from '../limits.ts'
import type { Limits } from '../limits.ts'
import type { Sample } from './samples.ts'

const allDoubts = Object.keys(doubtCodes) as DoubtCode[]

export interface Imported extends StagedDataset {
  images: Uint8Array
  labels: Uint8Array
}

/** A folder for one test. */
export async function inFolder<T>(work: (folder: string) => T | Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'weightscape-import-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Writes files under their names, which may have folders. @returns their paths */
export async function place(folder: string, files: readonly Sample[]): Promise<string[]> {
  const paths = files.map(({ name }) => join(folder, name))
  for (const [i, { bytes }] of files.entries()) {
    await mkdir(dirname(paths[i]), { recursive: true })
    await writeFile(paths[i], bytes)
  }
  return paths
}

export function testContext(scratch: string, limits: Partial<Limits> = {}): ImportContext {
  return { scratch, limits: { ...defaultLimits, ...limits }, progress: () => undefined, signal: new AbortController().signal }
}

/** Imports what lies at the paths. */
export function importPaths(paths: readonly string[], options: ImportOptions = {}, limits: Partial<Limits> = {}): Promise<Imported> {
  return withWork(paths, limits, async (work, context, folder) => {
    // What is made here by the dozen is often equal; tests of doubts look at previews.
    const staged = await work.build({ accept: allDoubts, ...options }, folder, context)
    // These answers are of the tests, not of whoever imports.
    staged.source = omitUndefined({ ...staged.source, options: Object.keys(options).length === 0 ? undefined : options })
    return { ...staged, images: bytesOf(join(folder, 'images.u8')), labels: bytesOf(join(folder, 'labels.u8')) }
  })
}

/** What a person would see of it. */
export function previewPaths(paths: readonly string[], options: ImportOptions = {}, limits: Partial<Limits> = {}): Promise<ImportPreview> {
  return withWork(paths, limits, (work, context) => work.preview(options, context))
}

/** Imports files, named one by one. */
export function importFiles(files: readonly Sample[], options: ImportOptions = {}): Promise<Imported> {
  return inFolder(async (folder) => importPaths(await place(folder, files), options))
}

/** Imports a folder of files. */
export function importFolder(files: readonly Sample[], options: ImportOptions = {}, limits: Partial<Limits> = {}): Promise<Imported> {
  return inFolder(async (folder) => {
    await place(join(folder, 'set'), files)
    return importPaths([join(folder, 'set')], options, limits)
  })
}

/** What a person would see of a folder of files. */
export function previewFolder(files: readonly Sample[], options: ImportOptions = {}, limits: Partial<Limits> = {}): Promise<ImportPreview> {
  return inFolder(async (folder) => {
    await place(join(folder, 'set'), files)
    return previewPaths([join(folder, 'set')], options, limits)
  })
}

function withWork<T>(
  paths: readonly string[],
  limits: Partial<Limits>,
  use: (work: ImportWork, context: ImportContext, folder: string) => Promise<T>,
): Promise<T> {
  return inFolder(async (scratch) => {
    const work = new ImportWork(paths)
    const folder = join(scratch, 'data')
    await mkdir(folder)
    try {
      return await use(work, testContext(scratch, limits), folder)
    } finally {
      await work.close()
    }
  })
}

function bytesOf(path: string): Uint8Array {
  return new Uint8Array(readFileSync(path))
}
