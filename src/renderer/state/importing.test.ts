import { describe, expect, it } from 'vitest'
import type { Platform } from '../../shared/bridge.ts'
import { LabError } from '../../shared/errors.ts'
import { scriptedClient } from '../testing/scripted-client.ts'
import { Importing, importDraftSchema } from './importing.svelte.ts'
import { SessionDraft } from './session-draft.ts'

const settled = () => new Promise<void>((resolve) => setTimeout(resolve))
const file = { file: new File(['x'], 'a.png'), path: 'digits/3/a.png' }

function dropped(upload: Platform['upload'] = () => Promise.resolve()) {
  const client = scriptedClient()
  const opened: string[] = []
  const importing = new Importing(client, { upload } as Platform, () => opened.push('import'))
  return { client, importing, opened, bringing: importing.bring([file]) }
}

const looked = (count: number) => ({
  count,
  read: count,
  classes: [],
  doubts: [],
  suggestedSplit: { train: count - 1, validation: 1, test: 0 },
})

async function previewed() {
  const made = dropped()
  await made.client.asked[0].answer({ id: 'i' })
  await settled()
  await made.client.asked[0].answer(looked(100))
  await made.bringing
  return made
}

describe('an import', () => {
  it('begins, takes the files and shows what they are', async () => {
    const { client, importing, opened } = await previewed()
    expect(opened).toEqual(['import'])
    expect(client.calls.map(({ method }) => method)).toEqual(['imports.begin', 'imports.preview'])
    expect(importing.phase).toBe('ready')
    expect(importing.name).toBe('digits')
  })

  it('keeps the answer to the newest choice', async () => {
    const { client, importing } = await previewed()
    const choices = [importing.choose({ colour: 'grey' }), importing.choose({ colour: 'colour' })]
    const [first, second] = [...client.asked]
    await second.answer(looked(2))
    await first.answer(looked(1))
    await Promise.all(choices)
    expect(importing.preview?.count).toBe(2)
  })

  it('stays with its preview when a choice is refused', async () => {
    const { client, importing } = await previewed()
    const choice = importing.choose({ labelColumn: 'x' })
    await client.asked[0].fail(new LabError('bad-input', 'There is no column x.', 'Choose another.'))
    await choice
    expect(importing.phase).toBe('ready')
    expect(importing.error?.message).toBe('There is no column x.')
  })

  it('takes back an answer and those after it; what the form chose since stays', async () => {
    const { client, importing } = await previewed()
    for (const [question, options] of [
      ['Which column?', { labelColumn: 'x' }],
      ['Equal?', { equal: 'once' as const }],
    ] as const) {
      const looking = importing.answer(question, { words: 'This.', options })
      await client.asked[0].answer(looked(100))
      await looking
    }
    const chosen = importing.choose({ ...importing.options, colour: 'grey' })
    await client.asked[0].answer(looked(100))
    await chosen
    expect(importing.answers.map(({ question }) => question)).toEqual(['Which column?', 'Equal?'])
    const again = importing.askAgain(importing.answers[1])
    expect(client.asked[0].params).toMatchObject({ options: { labelColumn: 'x', colour: 'grey' } })
    expect(importing.options.equal).toBeUndefined()
    await client.asked[0].answer(looked(100))
    await again
    const first = importing.askAgain(importing.answers[0])
    expect(importing.options).toEqual({ colour: 'grey' })
    await client.asked[0].answer(looked(100))
    await first
    expect(importing.answers).toEqual([])
  })

  it('is not kept with a split that the form marks as wrong', async () => {
    const { client, importing } = await previewed()
    importing.typeSplit({ validation: 0 })
    await importing.chooseSplit()
    expect(importing.isRight).toBe(false)
    expect(await importing.commit()).toBeNull()
    expect(client.calls.map(({ method }) => method)).toEqual(['imports.begin', 'imports.preview'])
    importing.typeSplit({ validation: 20 })
    const looking = importing.chooseSplit()
    expect(client.asked[0].params).toMatchObject({ options: { split: { train: 80, validation: 20, test: 0 } } })
    await client.asked[0].answer({ ...looked(100), suggestedSplit: { train: 80, validation: 20, test: 0 } })
    await looking
    expect(importing.isRight).toBe(true)
    expect(importing.typedSplit).toEqual({ train: 80, validation: 20, test: 0 })
  })

  it('goes on after a reload, while the lab has its files', async () => {
    let text: string | null = null
    const storage = {
      getItem: () => text,
      setItem: (_: string, value: string) => void (text = value),
      removeItem: () => void (text = null),
    }
    const kept = new SessionDraft('import', importDraftSchema, () => storage)
    kept.write({ id: 'i', name: 'mine', options: { colour: 'grey' }, answers: [], typed: { validation: 0, test: 5 } })
    const after = () => {
      const client = scriptedClient()
      const importing = new Importing(client, {} as Platform, () => undefined, kept)
      return { client, importing, restoring: importing.restore() }
    }
    const { client, importing, restoring } = after()
    expect(client.asked[0].params).toEqual({ id: 'i', options: { colour: 'grey' } })
    await client.asked[0].answer(looked(100))
    await restoring
    expect([importing.phase, importing.name, importing.split?.wrong]).toEqual([
      'ready',
      'mine',
      { validation: 'At least one image is needed for validation.' },
    ])
    importing.keep()
    expect(kept.read()).toMatchObject({ id: 'i', typed: { validation: 0, test: 5 } })

    const gone = after()
    await gone.client.asked[0].fail(new LabError('not-found', 'There is no import i.', 'Begin another.'))
    await gone.restoring
    expect([gone.importing.phase, gone.importing.error, kept.read()]).toEqual(['empty', null, null])
  })

  it('is gone once it is kept', async () => {
    const { client, importing } = await previewed()
    importing.name = '  mine '
    const keeping = importing.commit()
    expect(client.asked[0].params).toMatchObject({ id: 'i', name: 'mine' })
    await client.asked[0].answer({ hash: 'h' })
    expect(await keeping).toEqual({ hash: 'h' })
    expect(importing.phase).toBe('empty')
    expect(client.openStreams()).toEqual([])
  })

  it('leaves nothing when it is cancelled while files are on their way', async () => {
    let signal: AbortSignal | undefined
    const { client, importing, bringing } = dropped((_id, _files, options) => {
      signal = options?.signal
      return new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(new LabError('cancelled', 'c', 'r'))))
    })
    await client.asked[0].answer({ id: 'i' })
    const cancelling = importing.cancel()
    await client.asked[0].answer({})
    await Promise.all([cancelling, bringing])
    expect(signal?.aborted).toBe(true)
    expect(client.calls.at(-1)).toEqual({ method: 'imports.cancel', params: { id: 'i' } })
    expect(importing.phase).toBe('empty')
    expect(importing.error).toBeNull()
  })

  it('says why files could not be brought', async () => {
    const { client, importing, bringing } = dropped(() => Promise.reject(new LabError('disk', 'The disk is full.', 'Make room.')))
    await client.asked[0].answer({ id: 'i' })
    await bringing
    expect(importing.phase).toBe('failed')
    expect(importing.error?.remedy).toBe('Make room.')
  })
})
