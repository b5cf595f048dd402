/** Files that belong to a result of a run: `runs/RUN/results/...HASH.safetensors`, named by their content. */
import { join } from 'node:path'
import type { StoreContext } from '../context.ts'
import { makeFolder, readVerified, sha256, writeWhole } from './files.ts'
import type { NamedArrays } from '../../../analyses/analysis.ts'
import { decodeTensors, encodeTensors } from './safetensors.ts'
import type { Tensors } from './safetensors.ts'

/** Writes arrays as a file; its row is to follow. Equal content shares one name, so a suffix keeps rows' files apart. */
export async function writeResultFile(
  context: StoreContext,
  run: string,
  arrays: NamedArrays,
  metadata: Record<string, string>,
): Promise<{ path: string; hash: string; bytes: number }> {
  const bytes = encodeTensors({ arrays, metadata })
  const hash = sha256(bytes)
  const folder = join(context.dataDir, 'runs', run, 'results')
  makeFolder(context.dataDir, folder)
  const path = join(folder, `${Math.trunc(context.now()).toString(36)}-${(serial++).toString(36)}-${hash.slice(0, 12)}.safetensors`)
  await writeWhole(path, bytes, 'write a result')
  return { path, hash, bytes: bytes.length }
}

let serial = 0

/** @throws LabError `corrupt` */
export async function readResultFile(path: string, hash: string, what: string): Promise<Tensors> {
  return decodeTensors(await readVerified(path, hash, what, 'Make this result again.'), what)
}
