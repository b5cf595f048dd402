/**
 * What a disk may hold after the power went, from the calls that a process made until then. Only what was synced is sure:
 * - of a file's bytes, each write since its last sync may be there, be missing, or have stopped at a sector, whatever came after;
 * - of names (files made, renamed, removed, folders made), those of a folder come in their order, as far as it was synced at least.
 * Syncing a file says nothing of its name, as POSIX has it; most file systems promise more.
 */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import type { DiskCall } from './disk-log.ts'

const sector = 512

interface File {
  /** Writes and truncations in order, with the place of the call. */
  changes: { at: number; call: DiskCall }[]
  /** Place of the last sync. */
  synced: number
}

/** A change of names, with the file or folder that it is about. */
interface Naming {
  at: number
  kind: 'make' | 'rename' | 'unlink'
  path: string
  to: string
  node: File | 'folder'
}

/**
 * Writes one such state into a folder.
 * @param calls that were made, in order, before the power went
 * @param root the folder they were made in
 * @param target an empty folder
 * @param random fractions of 1
 */
export function writeStateAfterPowerCut(calls: readonly DiskCall[], root: string, target: string, random: () => number): void {
  const nodes = new Map<string, File | 'folder'>([[root, 'folder']])
  const namings: Naming[] = []
  const folderSynced = new Map<string, number>()
  const fileAt = (path: string): File | undefined => {
    const node = nodes.get(path)
    return node === 'folder' ? undefined : node
  }
  for (const [at, call] of calls.entries()) {
    const { path, to } = call
    const node = nodes.get(path)
    if (call.kind === 'create' || call.kind === 'mkdir') {
      const made: File | 'folder' = call.kind === 'mkdir' ? 'folder' : { changes: [], synced: -1 }
      nodes.set(path, made)
      namings.push({ at, kind: 'make', path, to: '', node: made })
    }
    if (call.kind === 'write' || call.kind === 'truncate') fileAt(path)?.changes.push({ at, call })
    if (call.kind === 'sync') {
      if (node === 'folder') folderSynced.set(path, at)
      else if (node !== undefined) node.synced = at
    }
    if (node !== undefined && call.kind === 'unlink') {
      namings.push({ at, kind: 'unlink', path, to: '', node })
      nodes.delete(path)
    }
    if (node !== undefined && call.kind === 'rename') {
      namings.push({ at, kind: 'rename', path, to, node })
      nodes.delete(path)
      nodes.set(to, node)
      // What is in a folder goes with it.
      for (const [inner, its] of [...nodes].filter(([name]) => name.startsWith(`${path}/`))) {
        nodes.delete(inner)
        nodes.set(to + inner.slice(path.length), its)
      }
    }
  }
  const folderOf = ({ kind, path, to }: Naming): string => dirname(kind === 'rename' ? to : path)
  // Names of one folder up to here are there.
  const reach = new Map<string, number>()
  for (const naming of namings) {
    const folder = folderOf(naming)
    if (reach.has(folder)) continue
    const sure = folderSynced.get(folder) ?? -1
    const open = namings.filter((other) => folderOf(other) === folder && other.at > sure)
    const kept = Math.floor(random() * (open.length + 1))
    reach.set(folder, kept === 0 ? sure : open[kept - 1].at)
  }
  const there = new Map<string, File | 'folder'>([[root, 'folder']])
  for (const naming of namings) {
    if (naming.at > reach.get(folderOf(naming))!) continue
    const { kind, path, to, node } = naming
    if (kind === 'make') there.set(path, node)
    if (kind === 'unlink') there.delete(path)
    if (kind === 'rename') {
      const inner = [...there].filter(([name]) => name.startsWith(`${path}/`))
      there.delete(path)
      there.set(to, node)
      for (const [name, its] of inner) {
        there.delete(name)
        there.set(to + name.slice(path.length), its)
      }
    }
  }
  for (const [path, node] of [...there].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const place = join(target, relative(root, path))
    // What is in a folder whose name did not come is not to be found.
    if (!existsSync(dirname(place))) continue
    if (node === 'folder') mkdirSync(place, { recursive: true, mode: 0o700 })
    else writeFileSync(place, contentOf(node, random), { mode: 0o600 })
  }
}

function contentOf({ changes, synced }: File, random: () => number): Buffer {
  let bytes = Buffer.alloc(0)
  const resize = (size: number): void => {
    bytes = size <= bytes.length ? bytes.subarray(0, size) : Buffer.concat([bytes, Buffer.alloc(size - bytes.length)])
  }
  for (const { at, call } of changes) {
    let { length } = call.data
    if (at > synced) {
      const fate = random()
      if (fate < 1 / 3) continue
      if (fate < 1 / 2) length = Math.floor((random() * length) / sector) * sector
    }
    if (call.kind === 'truncate') resize(call.offset)
    else if (length > 0) {
      resize(Math.max(bytes.length, call.offset + length))
      bytes = Buffer.from(bytes)
      call.data.copy(bytes, call.offset, 0, length)
    }
  }
  return bytes
}
