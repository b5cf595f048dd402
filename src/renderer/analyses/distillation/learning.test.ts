import { describe, expect, it } from 'vitest'
import { Learning } from './learning.svelte.ts'

const told = (id: string, step: number) => ({ id, values: { step, accuracy: step / 100, loss: 1 / step } })

describe('a learning curve on its way', () => {
  it('takes each point once', () => {
    const learning = new Learning()
    learning.take({ id: 'a', values: {} })
    learning.take(told('a', 10))
    learning.take(told('a', 10))
    learning.take(told('a', 20))
    expect(learning.points.map(({ step }) => step)).toEqual([10, 20])
  })

  it('begins anew with another task', () => {
    const learning = new Learning()
    learning.take(told('a', 10))
    learning.take(told('b', 5))
    expect(learning.points).toEqual([{ step: 5, accuracy: 0.05, loss: 0.2 }])
  })
})
