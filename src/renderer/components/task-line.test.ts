import { expect, it } from 'vitest'
import { taskOf } from '../testing/task.ts'
import { shown } from '../testing/shown.ts'
import TaskLine from './TaskLine.svelte'

const told = (part: Parameters<typeof taskOf>[0]) => {
  const { html, text, links } = shown(TaskLine, {
    task: taskOf({ title: 'A map', run: 'a/b', stage: 'placing', done: 3, total: 12, ...part }),
  })
  return { text: text.replaceAll('\u00a0', ' '), far: /scaleX\(([\d.]+)\)/.exec(html)?.[1], links }
}

it('a task is told by what it does and how far it is; one that waits is nowhere yet', () => {
  const running = told({ state: 'running', remaining: 30 })
  expect([running.far, running.links]).toEqual(['0.25', [['A map', '#/runs/a%2Fb']]])
  expect(running.text).toMatch(/^A map running placing 30(\.0)? s left/)
  // One that was begun, and has its turn again later.
  const waiting = told({ state: 'queued' })
  expect([waiting.far, waiting.text.includes('waits for its turn')]).toEqual(['0', true])
  expect(told({ state: 'done', seconds: 75 }).text).toBe('A map done took 1 min 15 s')
  const failed = { code: 'disk', message: 'The disk is full.', remedy: 'Make room.' } as const
  expect(told({ state: 'failed', error: failed }).text).toBe('A map failed The disk is full.')
})
