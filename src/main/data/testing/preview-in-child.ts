/** A process that previews folders of damaged files for a test, one after the other, and says what each took. */
import { readFileSync, writeFileSync } from 'node:fs'
import { LabError } from '../../../shared/errors.ts'
import { previewFolder } from './imports.ts'
import type { Found } from './mutate.ts'
import type { Sample } from './samples.ts'

process.on('message', (files: Sample[]) => void answer(files))

async function answer(files: readonly Sample[]): Promise<void> {
  forgetMemory()
  const began = process.cpuUsage()
  const send = (found: Found) => {
    const { user, system } = process.cpuUsage(began)
    process.send!({ ...found, milliseconds: (user + system) / 1000, mebibytes: mostMemory() })
  }
  try {
    const { unreadable, doubts } = await previewFolder(files)
    send({ outcome: 'read', unreadable: unreadable.count, doubts: doubts.map(({ code }) => code) })
  } catch (error) {
    if (error instanceof LabError) send({ outcome: 'named', code: error.code })
    else send({ outcome: 'crash', errorText: error instanceof Error ? (error.stack ?? error.message) : String(error) })
  }
}

/** Begins to count the most memory of this process anew, where the system counts it (Linux). */
function forgetMemory(): void {
  if (process.platform === 'linux') writeFileSync('/proc/self/clear_refs', '5')
}

function mostMemory(): number | null {
  return process.platform === 'linux' ? Number(/VmHWM:\s*(\d+) kB/.exec(readFileSync('/proc/self/status', 'latin1'))?.[1]) / 1024 : null
}
