import { describe, expect, it } from 'vitest'
import type { TrashItem } from '../../shared/contract/trash.ts'
import { LabError } from '../../shared/errors.ts'
import { scriptedClient } from '../testing/scripted-client.ts'
import { TrashState } from './trash.svelte.ts'

const item = (kind: TrashItem['kind'], id: string): TrashItem => ({ kind, id, name: id, deletedAt: 1, goneAt: 2, bytes: 10 })
const settled = () => new Promise<void>((resolve) => setTimeout(resolve))

async function filled(...items: TrashItem[]) {
  const client = scriptedClient()
  const trash = new TrashState(client)
  const reading = trash.read()
  await client.asked[0].answer(items)
  await reading
  return { client, trash }
}

describe('the trash', () => {
  it('lists what is in it, with the room that it takes', async () => {
    const { trash } = await filled(item('run', 'a'), item('dataset', 'd'))
    expect(trash).toMatchObject({ error: null, bytes: 20 })
  })

  it('restores runs at once, data sets each, and looks again', async () => {
    const { client, trash } = await filled(item('run', 'a'), item('run', 'b'), item('dataset', 'd'))
    const restoring = trash.restore(trash.items)
    expect(client.asked[0]).toMatchObject({ method: 'runs.restore', params: { ids: ['a', 'b'] } })
    await client.asked[0].answer({})
    expect(client.asked[0]).toMatchObject({ method: 'datasets.restore', params: { hash: 'd' } })
    await client.asked[0].answer({})
    await client.asked[0].answer([])
    await restoring
    expect(trash.items).toEqual([])
  })

  it('says why something cannot be erased, and still shows it', async () => {
    const { client, trash } = await filled(item('run', 'a'), item('orphan', 'o'), item('dataset', 'd'))
    const erasing = trash.erase(trash.items).catch((error: unknown) => error)
    expect(client.asked[0].params).toEqual({ runs: ['a'], datasets: ['d'], orphans: ['o'] })
    await client.asked[0].fail(new LabError('conflict', 'b begins from it.', 'Erase b too.'))
    await client.asked[0].answer([item('run', 'a')])
    expect(await erasing).toMatchObject({ code: 'conflict' })
    expect(trash.items).toHaveLength(1)
  })

  it('believes the newest look', async () => {
    const { client, trash } = await filled(item('run', 'a'))
    const looks = [trash.read(), trash.read()]
    await client.asked[1].answer([item('run', 'b')])
    await client.asked[0].answer([])
    await Promise.all(looks)
    await settled()
    expect(trash.items.map(({ id }) => id)).toEqual(['b'])
  })
})
