/** Made-up tasks: the training of the run that trains, and whatever is started by hand. */
import type { Task } from '../../../shared/contract/tasks.ts'
import { LabError } from '../../../shared/errors.ts'
import type { FakeMethods, FakeStreams } from '../fake-lab.ts'
import { taskOf } from '../task.ts'
import { fakeRuns, findRun, sendRuns } from './runs.ts'

const tasks = new Map<string, Task>()
const watching = new Set<(item: { changed: Task[] }) => void>()

export function addTask(part: Partial<Task> & Pick<Task, 'kind' | 'title'>): Task {
  const task = taskOf({ id: `task-${tasks.size + 1}`, run: null, state: 'queued', createdAt: Date.now(), ...part })
  changeTask(task, {})
  return task
}

export function findTask(id: string): Task {
  const task = tasks.get(id)
  if (task === undefined) throw new LabError('not-found', `There is no task ${id}.`, 'It may have ended already.')
  return task
}

export function changeTask(task: Task, part: Partial<Task>): Task {
  const changed = { ...(tasks.get(task.id) ?? task), ...part }
  tasks.set(task.id, changed)
  watching.forEach((send) => send({ changed: [changed] }))
  return changed
}

/** Lets a task take so many seconds, and then calls `finish` for what it has made. */
export function runTask(task: Task, seconds: number, stage: string, finish: () => Task['made'] = () => []): void {
  const begun = Date.now()
  const timer = setInterval(() => {
    if (tasks.get(task.id)?.state === 'cancelled') {
      clearInterval(timer)
      return
    }
    const passed = (Date.now() - begun) / 1000
    if (passed < seconds) {
      changeTask(task, {
        state: 'running',
        stage,
        done: Math.round((1000 * passed) / seconds),
        total: 1000,
        seconds: passed,
        remaining: seconds - passed,
      })
      return
    }
    clearInterval(timer)
    changeTask(task, { state: 'done', done: 1000, total: 1000, seconds, remaining: 0, made: finish(), endedAt: Date.now() })
  }, 200)
}

/** The run that trains goes on while one looks. */
export function train(id: string): void {
  const task = addTask({ kind: 'train', title: `Train ${id}`, run: id, state: 'running', stage: 'training' })
  const timer = setInterval(() => {
    const run = fakeRuns.get(id)
    if (run?.state !== 'training') {
      clearInterval(timer)
      changeTask(task, { state: 'done', endedAt: Date.now(), remaining: 0 })
      return
    }
    const step = Math.min(run.step + 3, run.steps)
    const changed = {
      ...run,
      step,
      seconds: run.seconds + 0.5,
      updatedAt: Date.now(),
      ...(step === run.steps ? { state: 'finished' as const, endedAt: Date.now() } : {}),
    }
    fakeRuns.set(id, changed)
    sendRuns([changed])
    changeTask(task, {
      done: step,
      total: run.steps,
      seconds: changed.seconds,
      remaining: (run.steps - step) * 0.171,
      stage: `step ${step}`,
    })
  }, 500)
}

export function fakeTasks(): { answers: FakeMethods; sources: FakeStreams } {
  const answers: FakeMethods = {
    'tasks.list': () => [...tasks.values()],
    'tasks.course': () => [],
    'tasks.cancel': ({ id }) => {
      changeTask(findTask(id), { state: 'cancelled', endedAt: Date.now() })
      return {}
    },
    'runs.start': ({ id }) => {
      fakeRuns.set(id, { ...findRun(id), state: 'training', error: null })
      sendRuns([findRun(id)])
      train(id)
      return [...tasks.values()].at(-1)!
    },
    'demo.start': () => {
      const task = addTask({ kind: 'demo', title: 'Demonstration on MNIST', run: 'calm-otter' })
      runTask(task, 30, 'training')
      return task
    },
  }
  const sources: FakeStreams = {
    'tasks.watch': (_params, send) => {
      watching.add(send)
      return () => watching.delete(send)
    },
  }
  return { answers, sources }
}
