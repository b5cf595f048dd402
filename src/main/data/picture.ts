/** One image from outside, brought to the size and channels of a data set: to try networks on, not to keep. */
import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import type { ImportPlan } from '../../shared/dataset-import.ts'
import { LabError } from '../../shared/errors.ts'
import { badInput, errorText } from './bad-input.ts'
import type { Limits } from './limits.ts'
import { readImage, readImageHeader } from './pixels/image-file.ts'

/**
 * @param paths of which there must be one
 * @returns uint8 [height, width, channels] of the plan
 * @throws LabError `bad-input`, `not-found`, `invalid-argument`
 */
export async function readPicture(paths: readonly string[], plan: ImportPlan, limits: Limits): Promise<Uint8Array> {
  const [path] = paths
  if (paths.length !== 1) throw new LabError('invalid-argument', `${paths.length} files were given.`, 'Give one image.')
  const found = await stat(path).catch(() => null)
  if (found === null) throw new LabError('not-found', `There is no file ${path}.`, 'Check its name and folder.')
  const name = basename(path)
  const remedy = 'Give one PNG, JPEG, WebP, TIFF, GIF or BMP image.'
  if (!found.isFile()) throw badInput(name, 'it is no file.', remedy)
  if (found.size > limits.wholeFileBytes)
    throw badInput(name, `it has ${found.size} bytes, and at most ${limits.wholeFileBytes} are read.`, remedy)
  try {
    const bytes = await readFile(path)
    const header = await readImageHeader(bytes, limits.imagePixels)
    return await readImage(bytes, header, plan, limits.imagePixels, null)
  } catch (thrown) {
    throw badInput(name, `${errorText(thrown)}.`, remedy, { cause: thrown })
  }
}
