import { describe, expect, it } from 'vitest'
import type { Artefact } from '../../../shared/contract/networks.ts'
import { LabError } from '../../../shared/errors.ts'
import { scriptedClient } from '../../testing/scripted-client.ts'
import { taskOf } from '../../testing/task.ts'
import { DownloadsState, isReport } from './downloads.svelte.ts'

const artefact = (id: string, name = id): Artefact => ({ id, run: 'heron', name, type: 'x', bytes: 1, createdAt: 1, checked: null })

describe('files to take away', () => {
  it('are handed over when a task begun here has made them, and only then', async () => {
    const client = scriptedClient()
    const downloads = new DownloadsState(client, 'heron')
    downloads.expect('pdf', { id: 't1' })
    const mine = downloads.settle(taskOf({ id: 't1', made: [{ kind: 'artefact', id: 'a' }] }))
    expect(downloads.begun.size).toBe(0)
    await client.asked[0].answer([artefact('b'), artefact('a')])
    expect((await mine).map(({ id }) => id)).toEqual(['a'])
    const others = downloads.settle(taskOf({ id: 't2', made: [{ kind: 'artefact', id: 'b' }] }))
    await client.asked[0].answer([artefact('b'), artefact('a')])
    expect(await others).toEqual([])
  })

  it('are listed again and handed over by tasks of the own run that make files, and by no others', async () => {
    const client = scriptedClient()
    const downloads = new DownloadsState(client, 'heron')
    const saved: string[] = []
    let ended: (task: ReturnType<typeof taskOf>) => void = () => undefined
    downloads.follow({
      tasks: { onEnded: (listener: typeof ended) => ((ended = listener), () => undefined) },
      platform: { saveArtefact: (id: string, name: string) => (saved.push(`${id} ${name}`), Promise.resolve()) },
      attempt: (doing: Promise<unknown>) => doing,
    } as unknown as Parameters<DownloadsState['follow']>[0])
    await client.asked[0].answer([])
    downloads.expect('pdf', { id: 't1' })
    const task = taskOf({ id: 't1', kind: 'report', run: 'heron', made: [{ kind: 'artefact', id: 'a' }] })
    ended({ ...task, run: 'ibis' })
    ended({ ...task, kind: 'map' })
    expect(client.asked).toEqual([])
    ended(task)
    await client.asked[0].answer([artefact('a', 'report.pdf'), artefact('b')])
    expect(saved).toEqual(['a report.pdf'])
  })

  it('are nothing where the task has failed', async () => {
    const client = scriptedClient()
    const downloads = new DownloadsState(client, 'heron')
    downloads.expect('pdf', { id: 't1' })
    const settling = downloads.settle(taskOf({ id: 't1', state: 'failed' }))
    await client.asked[0].answer([artefact('old')])
    expect(await settling).toEqual([])
  })

  it('leave the list when they are removed', async () => {
    const client = scriptedClient()
    const downloads = new DownloadsState(client, 'heron')
    const reading = downloads.read()
    await client.asked[0].answer([artefact('a'), artefact('b')])
    await reading
    const removing = downloads.remove('a')
    await client.asked[0].answer({})
    await removing
    expect(downloads.artefacts.map(({ id }) => id)).toEqual(['b'])
  })

  it('say why they cannot be listed', async () => {
    const client = scriptedClient()
    const downloads = new DownloadsState(client, 'heron')
    const reading = downloads.read()
    await client.asked[0].fail(new LabError('disk', 'It is gone.', 'Bring it back.'))
    await reading
    expect(downloads.error?.code).toBe('disk')
  })

  it('are reports by their names', () => {
    expect(isReport(artefact('a', 'report-heron-figures.zip'))).toBe(true)
    expect(isReport(artefact('a', 'heron-student.onnx'))).toBe(false)
  })
})
