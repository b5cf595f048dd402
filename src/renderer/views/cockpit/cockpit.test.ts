import { describe, expect, it } from 'vitest'
import { LabError } from '../../../shared/errors.ts'
import { scriptedClient } from '../../testing/scripted-client.ts'
import { CockpitState } from './cockpit.svelte.ts'

/** Two numbers, of which the first goes along the first direction. */
const axes = (origin: number) => ({
  ...{ origin: Float32Array.of(origin, 0), directions: Float32Array.of(1, ...new Array<number>(11).fill(0)) },
  ...{ low: -10, high: 10 },
})

async function turned() {
  const client = scriptedClient()
  const cockpit = new CockpitState(client, 'r', 100)
  const turning = cockpit.turn({} as never)
  await client.asked[0].answer(axes(2))
  await turning
  const asked = () => client.asked.map(({ params }) => [...(params as { z: Float32Array }).z])
  return { client, cockpit, asked }
}

describe('the cockpit', () => {
  it('asks about one place at a time, and then about the newest', async () => {
    const { client, cockpit, asked } = await turned()
    cockpit.move([0.25])
    cockpit.move([0.504])
    expect(asked()).toEqual([[2, 0]])
    await client.asked[0].answer({ right: 1 })
    expect(asked()).toEqual([[2.5, 0]])
    await client.asked[0].answer({ right: 2 })
    expect(asked()).toEqual([])
    expect(cockpit.point).toEqual({ right: 2 })
    cockpit.move([-7])
    expect(asked()).toEqual([[1, 0]])
  })

  it('asks about the newest place though one before it could not be asked about', async () => {
    const { client, cockpit, asked } = await turned()
    cockpit.move([0.5])
    await client.asked[0].fail(new LabError('internal', 'It broke.', 'Ask again.'))
    expect(cockpit.error?.message).toBe('It broke.')
    expect(asked()).toEqual([[2.5, 0]])
    await client.asked[0].answer({ right: 3 })
    expect([cockpit.point, cockpit.error]).toEqual([{ right: 3 }, null])
  })

  it('takes the directions that were asked for last, whichever come last', async () => {
    const { client, cockpit } = await turned()
    await client.asked[0].answer({ right: 1 })
    const turns = [cockpit.turn({} as never), cockpit.turn({} as never)]
    const [first, second] = [...client.asked]
    await second.answer(axes(5))
    await first.answer(axes(9))
    await Promise.all(turns)
    expect(cockpit.axes?.origin[0]).toBe(5)
  })
})
