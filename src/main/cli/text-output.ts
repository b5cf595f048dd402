/** Words for a person: bars on a terminal, a line now and then elsewhere; results on stdout, everything else on stderr. */
import { JobBar } from './job-bar.ts'
import { JobLines } from './job-lines.ts'
import type { Output } from './output.ts'
import type { CliHost } from './cli-host.ts'

export interface TextOutput extends Output {
  /** Takes an unfinished bar off the terminal. */
  close(): void
}

/** Not every terminal, and no `grep`, takes the space that keeps a number with its unit for a space. */
const plain = (text: string) => text.replaceAll('\u00a0', ' ')

export function textOutput(given: CliHost): TextOutput {
  const host: CliHost = {
    ...given,
    stdout: (text) => given.stdout(plain(text)),
    stderr: (text) => given.stderr(plain(text)),
  }
  const bar = host.terminal ? new JobBar() : new JobLines(host)
  const line = (text: string) => {
    bar.stop()
    host.stderr(`${text}\n`)
  }
  return {
    job: (update) => {
      if (update.type === 'log') line(update.message)
      else bar.show(update.status)
    },
    import: (progress) => bar.follow(progress),
    stage: ({ number, stages, title, meaning }) => line(`\n[${number}/${stages}] ${title}\n      ${meaning}`),
    note: line,
    item: () => undefined,
    result: (_, text) => {
      bar.stop()
      host.stdout(`${text}\n`)
    },
    error: ({ message, remedy, details }) =>
      line([`error: ${message}`, remedy, ...(details === undefined ? [] : [`Details: ${details}`])].join('\n  ')),
    close: () => bar.stop(),
  }
}
