/** What was dropped or chosen, as the platform brings it. */
import type { DroppedFile, Platform } from '../../shared/bridge.ts'
import { assertFits, documentFile, parseGiven } from '../../shared/given-json.ts'

/**
 * Files of a drop. In a browser folders are walked, with their paths; in the app's window a folder
 * is brought as it lies.
 * @throws DOMException a folder that the browser may not read
 */
export async function filesOf(transfer: DataTransfer, kind: Platform['kind']): Promise<DroppedFile[]> {
  if (kind === 'desktop') return [...transfer.files].map((file) => ({ file, path: file.name }))
  // Entries must be taken before the first wait: afterwards the browser has emptied the drop.
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? [])
  const found = await Promise.all(entries.map((entry) => walk(entry)))
  return found.flat()
}

/** Whether what is dragged is for a place of a view rather than for an import: one that takes files, of the type that it names or of any. */
export function isForPlace({ target, dataTransfer }: DragEvent): boolean {
  const place = target instanceof Element ? target.closest('[data-takes-files]') : null
  if (place === null) return false
  const type = place.getAttribute('data-takes-files') ?? ''
  return type === '' || [...(dataTransfer?.items ?? [])].every((item) => item.type === type)
}

/** Files of an `<input type="file">`, with folders' paths where a folder was chosen. */
export function chosenFiles(files: FileList | null): DroppedFile[] {
  return [...(files ?? [])].map((file) => ({ file, path: file.webkitRelativePath || file.name }))
}

/** What a JSON file holds, for the lab to check. @throws LabError `bad-input` where it is no JSON, or too large */
export async function documentIn(file: File): Promise<unknown> {
  assertFits(file.size, file.name, documentFile)
  return parseGiven(await file.text(), file.name, documentFile)
}

async function walk(entry: FileSystemEntry): Promise<DroppedFile[]> {
  if (entry.isFile) {
    const file = await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject))
    return [{ file, path: entry.fullPath.replace(/^\//, '') }]
  }
  const reader = (entry as FileSystemDirectoryEntry).createReader()
  const found: DroppedFile[] = []
  for (;;) {
    // Browsers hand out a hundred at a time, and an empty list at the end.
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (some.length === 0) return found
    for (const files of await Promise.all(some.map((child) => walk(child)))) found.push(...files)
  }
}
