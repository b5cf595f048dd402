import { describe, expect, it } from 'vitest'
import { scriptedClient } from '../../testing/scripted-client.ts'
import { Learning } from './learning.svelte.ts'

const values = (step: number) => ({ step, accuracy: step / 100, loss: 1 / step })
const told = (id: string, step: number) => ({ id, values: values(step) })

describe('a learning curve on its way', () => {
  it('takes each point once', () => {
    const learning = new Learning(scriptedClient())
    void learning.take({ id: 'a', values: {} })
    void learning.take(told('a', 10))
    void learning.take(told('a', 10))
    void learning.take(told('a', 20))
    expect(learning.points.map(({ step }) => step)).toEqual([10, 20])
  })

  it('begins where the task began, whenever the window comes', async () => {
    const client = scriptedClient()
    const learning = new Learning(client)
    void learning.take(told('a', 30))
    void learning.take(told('a', 40))
    expect(client.calls).toEqual([{ method: 'tasks.course', params: { id: 'a' } }])
    await client.asked[0].answer([{ loss: 1 }, values(10), values(20), values(30)])
    expect(learning.points).toEqual([10, 20, 30, 40].map(values))
  })

  it('begins anew with another task, whatever comes late of the one before', async () => {
    const client = scriptedClient()
    const learning = new Learning(client)
    void learning.take(told('a', 10))
    void learning.take(told('b', 5))
    await client.asked[0].answer([values(3)])
    expect(learning.points).toEqual([{ step: 5, accuracy: 0.05, loss: 0.2 }])
  })
})
