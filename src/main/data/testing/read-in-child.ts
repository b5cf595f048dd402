/** A process that reads damaged files for a test, one after the other, with little memory. */
import { readers } from '../choose-reader.ts'
import { LabError } from '../../../shared/errors.ts'
import type { Sample } from './samples.ts'
import { readAll } from './read-all.ts'

process.on('message', (message: { format: string; files: Sample[] }) => void answer(message))

async function answer({ format, files }: { format: string; files: Sample[] }): Promise<void> {
  const reader = readers.find((one) => one.format === format)!
  const began = process.cpuUsage()
  const send = (answer: object) => {
    const { user, system } = process.cpuUsage(began)
    process.send!({ ...answer, milliseconds: (user + system) / 1000 })
  }
  try {
    const { unreadable } = await readAll(reader, files)
    send({ outcome: unreadable > 0 ? 'partly' : 'whole' })
  } catch (error) {
    if (error instanceof LabError) send({ outcome: 'named', code: error.code })
    else send({ outcome: 'crash', errorText: error instanceof Error ? error.stack : String(error) })
  }
}
