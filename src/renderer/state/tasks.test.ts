import { describe, expect, it } from 'vitest'
import type { RunSummary } from '../../shared/contract/runs.ts'
import type { Task } from '../../shared/contract/tasks.ts'
import { scriptedClient } from '../testing/scripted-client.ts'
import { taskOf } from '../testing/task.ts'
import { endedAs, fractionOf, TasksState } from './tasks.svelte.ts'

const task = (id: string, part: Partial<Task> = {}): Task => taskOf({ id, kind: 'train', title: id, run: 'r', state: 'running', ...part })

async function followed(...first: Task[]) {
  const client = scriptedClient()
  const tasks = new TasksState(client)
  tasks.follow()
  await client.asked[0].answer(first)
  return { client, tasks }
}

describe('tasks', () => {
  it('shows the one that computes before those that wait', async () => {
    const { tasks } = await followed(task('waits', { state: 'queued', createdAt: 1 }), task('runs', { createdAt: 2 }))
    expect(tasks.current?.id).toBe('runs')
    expect(tasks.underWay).toHaveLength(2)
    expect(tasks.of('r').map(({ id }) => id)).toEqual(['runs', 'waits'])
  })

  it('shows the first that waits where none computes', async () => {
    const { tasks } = await followed(task('second', { state: 'queued', createdAt: 2 }), task('first', { state: 'queued', createdAt: 1 }))
    expect(tasks.current?.id).toBe('first')
  })

  it('tells of an end once, and only of what it has seen under way', async () => {
    const { client, tasks } = await followed(task('a'), task('old', { state: 'done' }))
    const ended: string[] = []
    tasks.onEnded(({ id }) => ended.push(id))
    const done = task('a', { state: 'done' })
    client.send('tasks.watch', { changed: [done, task('old', { state: 'done' })] })
    client.send('tasks.watch', { changed: [done] })
    expect(ended).toEqual(['a'])
  })

  it('tells the run of a task once there is one', async () => {
    const { client, tasks } = await followed(task('a', { run: null }), task('b', { run: null }))
    const [a, b] = [task('a', { run: null }), task('b', { run: null })]
    const runs = Promise.all([tasks.runOf(a), tasks.runOf(b), tasks.runOf(a)])
    client.send('tasks.watch', { changed: [task('a', { run: null, done: 1 })] })
    client.send('tasks.watch', { changed: [task('a', { run: 'demo' }), task('b', { run: null, state: 'failed' })] })
    expect(await runs).toEqual(['demo', null, 'demo'])
    expect(await tasks.runOf(a), 'of what was told meanwhile').toBe('demo')
    expect(await tasks.runOf(task('c', { run: 'known' }))).toBe('known')
  })

  it('knows no fraction of an unknown total, and none beyond the whole', () => {
    expect(fractionOf(task('a'))).toBeNull()
    expect(fractionOf(task('a', { done: 3, total: 2 }))).toBe(1)
  })
})

it('a paused training is not done, and a run that is kept does not wait for its turn', () => {
  expect(endedAs(task('a', { state: 'done', stage: 'Paused at step 3' }))).toBe('paused')
  expect(endedAs(task('a', { state: 'done', stage: 'Stopped at step 3' }))).toBe('stopped')
  expect(endedAs(task('a', { state: 'done', stage: 'Done' }))).toBe('done')
  const client = scriptedClient()
  const tasks = new TasksState(client)
  const run = { id: 'calm-otter', state: 'queued' } as RunSummary
  expect([tasks.waitsFor(run), tasks.stateOf(run)]).toEqual(['start', 'not started'])
  tasks.apply([task('a', { kind: 'train', run: run.id, state: 'queued' })], [])
  expect([tasks.waitsFor(run), tasks.stateOf(run)]).toEqual(['turn', 'queued'])
  expect(tasks.waitsFor({ ...run, state: 'paused' })).toBeNull()
  // A demonstration trains as a part of what it does; an analysis does not.
  tasks.apply([task('b', { kind: 'demo', run: 'of-demo' }), task('c', { kind: 'map', run: 'of-map' })], [])
  expect(['of-demo', 'of-map'].map((id) => tasks.waitsFor({ ...run, id }))).toEqual(['turn', 'start'])
})
