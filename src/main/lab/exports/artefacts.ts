/** Files that the lab has made for a person to take away: written whole into the run's folder, then listed. */
import { rm } from 'node:fs/promises'
import type { ArtefactRecord } from '../../store/types.ts'
import { writeWhole } from '../../store/files/files.ts'
import type { LabContext } from '../context/lab-context.ts'
import { lines } from '../runs/run-log.ts'
import { LabService } from '../context/lab-service.ts'

const types: Record<string, string> = {
  html: 'text/html',
  pdf: 'application/pdf',
  md: 'text/markdown',
  zip: 'application/zip',
  npz: 'application/x-npz',
  safetensors: 'application/octet-stream',
  onnx: 'application/octet-stream',
}

export class ArtefactService extends LabService<LabContext> {
  /** Newest first; of one run, or of all. */
  list(run?: string): ArtefactRecord[] {
    return this.context.store.artefacts.list(run)
  }

  /** Where a file lies. @throws LabError `not-found` */
  file(id: string): ArtefactRecord {
    return this.context.store.artefacts.get(id)
  }

  /** @throws LabError `not-found` */
  remove(id: string): Promise<void> {
    return this.context.store.artefacts.remove(id)
  }

  /**
   * Has a file written, and keeps it.
   * @param write writes the whole file at a path, and says how it was checked
   */
  async make(run: string, name: string, write: (path: string) => Promise<string | null>): Promise<ArtefactRecord> {
    const { artefacts, events } = this.context.store
    const path = artefacts.place(run, name)
    let record: ArtefactRecord
    try {
      record = await artefacts.keep(run, path, { name, type: typeOf(name), checked: await write(path) })
    } catch (thrown) {
      // What was not found good, or could not be listed, would lie there unseen.
      await rm(path, { recursive: true, force: true }).catch(() => undefined)
      throw thrown
    }
    events.add(run, lines.file(record))
    return record
  }

  /** Keeps bytes that are there already. */
  bytes(run: string, name: string, bytes: Uint8Array): Promise<ArtefactRecord> {
    return this.make(run, name, async (path) => {
      await writeWhole(path, bytes, `write ${name}`)
      return null
    })
  }

  /** Lists a file that already lies in the run's folder. */
  adopt(run: string, path: string, name: string): Promise<ArtefactRecord> {
    return this.context.store.artefacts.keep(run, path, { name, type: typeOf(name), checked: null })
  }
}

function typeOf(name: string): string {
  return types[name.slice(name.lastIndexOf('.') + 1)] ?? 'application/octet-stream'
}
