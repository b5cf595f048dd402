/** Telling the person that a task has ended. */
import type { Task } from '../../shared/contract/tasks.ts'
import { duration } from '../../shared/wording.ts'
import { inLabels, placeOfCommand } from '../state/words.svelte.ts'
import type { App } from './app.svelte.ts'

/** Shorter ones end before the person has looked away, seconds. */
const long = 10

/** The run's view that shows what a kind of task makes, where it is no analysis; left out: the run itself. */
const within: Readonly<Record<string, string>> = { report: '/report', export: '/networks', sample: '/networks' }

/** Where to look at what a task made; null: nowhere. */
export function placeOf(task: Task): string | null {
  if (task.run === null) return null
  return `/runs/${encodeURIComponent(task.run)}${placeOfCommand(task.kind) ?? within[task.kind] ?? ''}`
}

export function announce(app: App, task: Task): void {
  const place = placeOf(task)
  const look = place === null || app.router.path === place ? undefined : { label: 'Look', run: () => app.router.go(place) }
  if (task.state === 'failed') {
    app.notices.failure(task.error)
    app.platform.notify(`Failed: ${task.title}`, inLabels(task.error?.message ?? ''))
  } else if (task.state === 'done') {
    const words = endInWords(task)
    app.notices.success(`${task.title}: ${words}`, look)
    if (task.seconds >= long && document.hidden) app.platform.notify(task.title, `${words[0].toUpperCase()}${words.slice(1)}`)
  }
}

/** How a task ended well: a training that was paused is not done. */
export function endInWords({ stage, seconds }: Pick<Task, 'stage' | 'seconds'>): string {
  return /^(Paused|Stopped) at step/.test(stage) ? `${stage[0].toLowerCase()}${stage.slice(1)}` : `done in ${duration(seconds)}`
}
