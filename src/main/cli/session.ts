/** One command at work: the lab opened, its jobs shown, Ctrl+C heeded, everything let go at the end. */
import { isOwnOutput, undoFolders } from '../lab/exports/output.ts'
import type { Lab } from '../lab/lab.ts'
import { defaultDataFolder } from '../lab/system/data-folder.ts'
import { jsonOutput } from './json-output.ts'
import type { Output } from './output.ts'
import { textOutput } from './text-output.ts'
import type { CliHost } from './cli-host.ts'

/** Options that every command has. */
export interface CommonOptions {
  dataDir?: string
  json?: boolean
  /** Where a file is written, by commands that write one. */
  out?: string
}

/** What a command needs of the lab. */
export interface Needs {
  /** It changes nothing in the data folder, so it may run beside a command that does. */
  readOnly?: boolean
}

export type Work = (lab: Lab, output: Output) => void | Promise<void>

/** How a lab is opened for any command. */
export const labOptions = (host: CliHost, { dataDir }: CommonOptions) => ({
  dataDir: dataDir ?? defaultDataFolder(host),
  engine: host.openEngine?.(),
  clock: () => host.now(),
  version: host.version,
  ...(host.demo === undefined ? {} : { demo: host.demo }),
})

export async function session(host: CliHost, options: CommonOptions, needs: Needs, work: Work): Promise<void> {
  // Where the file goes to standard output, words would fall among its bytes.
  const speaker = (await isOwnOutput(options.out)) ? { ...host, stdout: (text: string) => host.stderr(text) } : host
  const text = options.json === true ? null : textOutput(speaker)
  const output: Output = text ?? jsonOutput(speaker)
  const { openLab } = await import('../assembly/open-lab.ts')
  const lab = openLab({
    ...labOptions(host, options),
    readOnly: needs.readOnly === true,
    onNote: (message) => output.note(message),
  })
  for (const run of lab.opening.interrupted) output.note(`${run} was interrupted earlier; it can go on with: ${host.program} resume ${run}`)
  const stopWatching = lab.jobs.subscribe((update) => output.job(update))
  const stopFollowing = lab.imports.subscribe(null, (progress) => output.import(progress))
  let interrupts = 0
  const stopListening = host.onInterrupt(() => {
    interrupts++
    const importing = interrupts < 3 && lab.imports.interrupt()
    const busy = importing || (interrupts < 3 && lab.jobs.interrupt())
    if (busy && !importing && interrupts === 1) output.note('Stopping after the step under way. Press Ctrl+C again to stop at once.')
    if (busy) return
    output.error({ code: 'cancelled', message: 'Interrupted.', remedy: 'Nothing stored is lost; give the command again.' })
    host.exit(130)
  })
  // What nobody reads is not worth doing; but what trains ends with a checkpoint.
  const stopHeeding = host.onUnread?.(() => {
    if (!lab.imports.interrupt() && !lab.jobs.interrupt()) host.exit(0)
    host.stderr('Nobody reads what is printed any more: what is under way ends, training with a checkpoint.\n')
  })
  const undo = options.out === undefined ? undefined : undoFolders(options.out)
  try {
    await work(lab, output)
  } catch (thrown) {
    undo?.()
    throw thrown
  } finally {
    stopListening()
    stopHeeding?.()
    stopWatching()
    stopFollowing()
    text?.close()
    await lab.close()
  }
}
