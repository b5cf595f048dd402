/** One JSON object a line on stdout. */
import type { ImportProgress } from '../../shared/contract/datasets.ts'
import type { JobStatus } from '../lab/context/job-queue.ts'
import type { Output } from './output.ts'
import type { CliHost } from './cli-host.ts'

/** Progress of a job is told at most so often, milliseconds; its first and last word always. */
const interval = 200

export function jsonOutput(host: CliHost): Output {
  const say = (event: string, fields: object) => host.stdout(`${JSON.stringify({ event, ...fields })}\n`)
  let told = { id: '', at: 0, done: -1 }
  const progress = (status: JobStatus) => {
    const { id, kind, run, state, done, total, seconds, note, metrics } = status
    if (state !== 'running' || total === 0) return
    const now = performance.now()
    const last = done >= total
    if (told.id === id && (told.done === done || (!last && now - told.at < interval))) return
    told = { id, at: now, done }
    say('progress', {
      job: kind,
      id,
      ...(run === null ? {} : { run }),
      step: done,
      steps: total,
      seconds,
      ...(note === '' ? {} : { note }),
      ...(Object.keys(metrics).length === 0 ? {} : { metrics }),
    })
  }
  let heard = { note: '', at: 0 }
  const importing = ({ phase, done, total, note }: ImportProgress) => {
    if (phase === 'done' || phase === 'failed' || phase === 'cancelled') return
    const now = performance.now()
    if (heard.note === note && done !== total && now - heard.at < interval) return
    heard = { note, at: now }
    say('progress', { job: 'import', phase, doing: note, done, total })
  }
  return {
    import: importing,
    job: (update) => {
      if (update.type === 'status') progress(update.status)
      else say('log', { job: update.status.kind, level: update.level, message: update.message })
    },
    stage: ({ name, number, stages, title }) => say('stage', { stage: name, number, stages, title }),
    note: (message) => say('note', { message }),
    item: say,
    result: (fields) => say('result', fields),
    error: ({ help: _help, ...error }) => say('error', error),
  }
}
