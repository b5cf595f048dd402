import { describe, expect, it, vi } from 'vitest'
import { LabError } from '../../shared/errors.ts'
import { presets } from '../../shared/presets.ts'
import { scriptedClient } from '../testing/scripted-client.ts'
import { ExperimentDraft, experimentDraftSchema, readNumber } from './experiment.svelte.ts'
import { SessionDraft } from './session-draft.ts'

const plan = (lambda = 1000) => ({
  document: { ...presets['mnist-quick'], method: { ...presets['mnist-quick'].method, lambda } },
  differs: lambda === 1000 ? [] : [{ key: 'method.lambda', value: lambda, preset: 1000 }],
  estimate: { stepSeconds: 0.1, seconds: 70, memoryBytes: 1, diskBytes: 1, basis: 'b' },
  command: 'c',
  doubts: [],
  notes: [],
  weights: 20_018,
})

describe('an experiment being put together', () => {
  it('shows what holds where nothing was typed', async () => {
    const client = scriptedClient()
    const draft = new ExperimentDraft(client)
    draft.choose({ data: 'leaves' })
    expect(client.asked[0].params).toEqual({ from: 'mnist-quick', data: 'leaves', settings: [] })
    await client.asked[0].answer(plan())
    expect(draft.textOf('method.lambda')).toBe('1000')
    expect(draft.presetOf('method.lambda')).toBeNull()
  })

  it('drops settings of the method where a preset of another one is chosen', () => {
    const draft = new ExperimentDraft(scriptedClient())
    draft.typed = { 'method.lambda': '3', seed: '7' }
    draft.choose({ preset: 'mnist-paper' })
    expect(draft.typed).toEqual({ 'method.lambda': '3', seed: '7' })
    draft.choose({ preset: 'mnist-ensemble' })
    expect(draft.typed).toEqual({ seed: '7' })
  })

  it('asks once for what was typed quickly, and not for what is no number', async () => {
    vi.useFakeTimers()
    const client = scriptedClient()
    const draft = new ExperimentDraft(client)
    draft.type('method.lambda', '3')
    draft.type('method.lambda', '3e3')
    draft.type('seed', 'abc')
    await vi.advanceTimersByTimeAsync(300)
    vi.useRealTimers()
    expect(client.calls).toHaveLength(1)
    expect(client.asked[0].params).toMatchObject({ settings: [{ key: 'method.lambda', value: 3000 }] })
    expect(draft.errorOf('seed')).toBe('Enter a number.')
    await client.asked[0].answer(plan(3000))
    expect(draft.textOf('method.lambda')).toBe('3e3')
    expect(draft.presetOf('method.lambda')).toBe('1000')
  })

  it('asks for a split as it was typed, and for none where nothing was chosen of it', async () => {
    const client = scriptedClient()
    const draft = new ExperimentDraft(client)
    draft.chooseSplit({ from: 'all', validation: '0.2', seed: 'x', accept: 'equal-across-splits' })
    void draft.read()
    expect(client.asked[0].params).toMatchObject({ split: { from: 'all', validation: 0.2, accept: ['equal-across-splits'] } })
    draft.acceptOfSplit(['untrained-class'])
    expect(draft.split.accept).toBe('equal-across-splits,untrained-class')
    expect(client.asked[0].params).not.toHaveProperty('split.seed')
    expect(draft.errorOfSplit('seed')).toBe('Enter a number.')
    await client.asked[0].fail(
      new LabError('invalid-argument', 'Too many images.', 'Choose other sizes.', { settings: { 'data.split': null } }),
    )
    expect([draft.errorOfSplit('validation'), draft.errorOfSplit('test')]).toEqual(['Too many images. Choose other sizes.', null])
    draft.choose({ data: 'leaves' })
    expect(client.asked[0].params).not.toHaveProperty('split')
  })

  it('puts what the lab refuses at its field', async () => {
    const client = scriptedClient()
    const draft = new ExperimentDraft(client)
    draft.typed = { 'training.steps': '-4', seed: '1' }
    void draft.read()
    await client.asked[0].fail(
      new LabError('invalid-argument', 'training.steps: too small.', 'Give more.', { settings: { 'training.steps': null } }),
    )
    expect(draft.errorOf('training.steps')).toBe('“Steps”: too small. Give more.')
    expect(draft.errorOf('seed')).toBeNull()
  })

  it('asks with numbers and with what is either so or not', () => {
    const client = scriptedClient()
    const draft = new ExperimentDraft(client)
    draft.typed = { 'training.randomShift': '4', 'training.randomFlip': 'true', 'training.steps': 'abc' }
    void draft.read()
    expect(client.asked[0].params).toMatchObject({
      settings: [
        { key: 'training.randomShift', value: 4 },
        { key: 'training.randomFlip', value: true },
      ],
    })
    expect(draft.errorOf('training.randomFlip')).toBeNull()
    expect(draft.errorOf('training.steps')).toBe('Enter a number.')
  })

  it('ignores an answer that was overtaken', async () => {
    const client = scriptedClient()
    const draft = new ExperimentDraft(client)
    void draft.read()
    void draft.read()
    const [first, second] = [...client.asked]
    await second.answer(plan(2))
    await first.answer(plan(1))
    expect(draft.plan?.document.method).toMatchObject({ lambda: 2 })
  })

  describe('that outlives its view', () => {
    function kept() {
      let text: string | null = null
      const storage = {
        getItem: () => text,
        setItem: (_: string, value: string) => void (text = value),
        removeItem: () => void (text = null),
      }
      return new SessionDraft('experiment', experimentDraftSchema, () => storage)
    }

    it('goes on with what was chosen and typed, until a run is made of it', async () => {
      const client = scriptedClient()
      const draft = new ExperimentDraft(client, kept())
      expect(draft.isTouched).toBe(false)
      const under = kept()
      const first = new ExperimentDraft(client, under)
      first.preset = 'mnist-paper'
      first.name = 'mine'
      first.typed = { seed: '7', 'training.steps': 'abc' }
      first.keep()
      const second = new ExperimentDraft(client, under)
      expect([second.preset, second.name, second.typed]).toEqual(['mnist-paper', 'mine', { seed: '7', 'training.steps': 'abc' }])
      const making = second.create(false)
      await client.asked[0].answer({ id: 'r' })
      await making
      expect(new ExperimentDraft(client, under).isTouched).toBe(false)
    })

    it('starts over', () => {
      const under = kept()
      const draft = new ExperimentDraft(scriptedClient(), under)
      draft.typed = { seed: '7' }
      draft.keep()
      void draft.startOver()
      draft.keep()
      expect(under.read()).toBeNull()
    })
  })

  describe('with a document in the place of a preset', () => {
    const { document } = plan(7)

    it('takes it once the lab has found it in order, and changes it like a preset', async () => {
      const client = scriptedClient()
      const draft = new ExperimentDraft(client)
      const beginning = draft.beginWith({ raw: true }, 'a.json', 'a copy')
      expect(client.asked[0].params).toEqual({ from: { document: { raw: true } } })
      expect(draft.origin).toBeNull()
      await client.asked[0].answer(plan(7))
      draft.type('seed', '3')
      await vi.waitFor(() => expect(client.asked).toHaveLength(1))
      await client.asked[0].answer(plan(7))
      expect(await beginning).toBe(false)
      expect([draft.origin?.from, draft.name, draft.data]).toEqual(['a.json', 'a copy', document.data.id])
      void draft.read()
      expect(client.asked[0].params).toEqual({ from: { document }, settings: [{ key: 'seed', value: 3 }] })
      draft.choose({ data: 'leaves' })
      expect(client.asked.at(-1)?.params).toMatchObject({ from: { document }, data: 'leaves' })
      draft.choose({ preset: 'mnist-paper' })
      expect(client.asked.at(-1)?.params).toMatchObject({ from: 'mnist-paper' })
    })

    it('stays as it was where the lab refuses it', async () => {
      const client = scriptedClient()
      const draft = new ExperimentDraft(client)
      draft.typed = { seed: '7' }
      const beginning = draft.beginWith({}, 'a.json')
      const refused = expect(beginning).rejects.toThrow('version is missing.')
      await client.asked[0].fail(new LabError('invalid-argument', 'version is missing.', 'Give version.'))
      await refused
      expect([draft.origin, draft.typed]).toEqual([null, { seed: '7' }])
    })

    it('is fitted to the data set that is chosen where its own is not here', async () => {
      const client = scriptedClient()
      const draft = new ExperimentDraft(client)
      draft.data = 'leaves'
      const beginning = draft.beginWith(document, 'a.json')
      await client.asked[0].fail(new LabError('not-found', 'There is no data set "x".', 'Import it.', { action: 'add-data' }))
      await vi.waitFor(() => expect(client.asked).toHaveLength(1))
      expect(client.asked[0].params).toEqual({ from: { document }, data: 'leaves' })
      await client.asked[0].answer(plan(7))
      await vi.waitFor(() => expect(client.asked).toHaveLength(1))
      await client.asked[0].answer(plan(7))
      expect(await beginning).toBe(true)
    })
  })

  it('reads numbers as people write them', () => {
    expect(readNumber(' 1e-3 ')).toBe(0.001)
    expect(readNumber('')).toBeNull()
    expect(readNumber('1,5')).toBeNull()
  })
})
