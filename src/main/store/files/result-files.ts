/** Files that belong to a result of a run: `runs/RUN/KIND/HASH.safetensors`, named by their content. */
import { join } from 'node:path'
import type { StoreContext } from '../context.ts'
import { makeFolder, readVerified, sha256, writeWhole } from './files.ts'
import { decodeTensors, encodeTensors } from './safetensors.ts'
import type { NamedArray, Tensors } from './safetensors.ts'

/** Writes arrays as a file; its row is to follow. Equal content shares one name, so a suffix keeps rows' files apart. */
export async function writeResultFile(
  context: StoreContext,
  run: string,
  kind: 'students' | 'maps',
  arrays: Record<string, NamedArray>,
  metadata: Record<string, string>,
): Promise<{ path: string; hash: string }> {
  const bytes = encodeTensors({ arrays, metadata })
  const hash = sha256(bytes)
  const folder = join(context.dataDir, 'runs', run, kind)
  makeFolder(context.dataDir, folder)
  const path = join(folder, `${Math.trunc(context.now()).toString(36)}-${(serial++).toString(36)}-${hash.slice(0, 12)}.safetensors`)
  await writeWhole(path, bytes, `write one of the ${kind}`)
  return { path, hash }
}

let serial = 0

/** @throws LabError `corrupt` */
export async function readResultFile(path: string, hash: string, what: string): Promise<Tensors> {
  return decodeTensors(await readVerified(path, hash, what, 'Make this result again.'), what)
}
