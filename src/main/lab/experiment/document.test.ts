import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { LabError } from '../../../shared/errors.ts'
import type { Experiment } from '../../../shared/experiment.ts'
import { presets } from '../../../shared/presets.ts'
import { checkDocument, presetDocument } from './document.ts'
import { describeAllowed, schemaAt, settableKeys, valueAt } from '../../../shared/document-keys.ts'
import { layOut } from '../../../shared/target-layout.ts'
import { fitToData } from './fit-to-data.ts'
import { parseAssignment, setValues } from './set-values.ts'
import { editDistance } from '../../../shared/edit-distance.ts'
import { nearest } from './suggest.ts'

const set = (...texts: string[]): Experiment => setValues(presetDocument('mnist-quick'), texts.map(parseAssignment))

function faultOf(act: () => unknown): LabError {
  try {
    act()
  } catch (thrown) {
    if (thrown instanceof LabError) return thrown
    throw thrown
  }
  throw new Error('expected a LabError')
}

describe('presets', () => {
  it.each(Object.keys(presets))('%s is a valid document', (name) => {
    expect(checkDocument(presetDocument(name))).toEqual(presets[name])
  })

  it('names the nearest preset when there is none of the name', () => {
    const fault = faultOf(() => presetDocument('mnist-quik'))
    expect(fault.code).toBe('invalid-argument')
    expect(fault.message).toContain('"mnist-quik"')
    expect(fault.message).toContain('Did you mean "mnist-quick"?')
    expect(fault.remedy).toContain('mnist-paper')
  })

  it('does not take an inherited name for a preset', () => {
    expect(faultOf(() => presetDocument('constructor')).code).toBe('invalid-argument')
  })
})

describe('settings', () => {
  it.each([
    ['seed=7', 'seed', 7],
    ['method.lambda=250.5', 'method.lambda', 250.5],
    ['training.steps=300', 'training.steps', 300],
    ['training.learningRate=6e-4', 'training.learningRate', 6e-4],
    ['method.noiseBatch=16', 'method.noiseBatch', 16],
    ['training.imageBatch=8', 'training.imageBatch', 8],
    ['training.checkpointEvery=20', 'training.checkpointEvery', 20],
  ])('%s', (text, key, value) => {
    expect(valueAt(set(text), key.split('.'))).toBe(value)
  })

  it('knows every key of the document: each can be set to the value it has', () => {
    const document = presetDocument('mnist-paper')
    expect(settableKeys(document).length).toBeGreaterThan(25)
    for (const key of settableKeys(document)) {
      expect(setValues(document, [{ key, value: valueAt(document, key.split('.')) }])).toEqual(document)
    }
  })

  it('takes lists, elements of lists and booleans', () => {
    const document = set(
      'method.extractor=[200, 100]',
      'target.layers[0].filters=8',
      'method.batchNorm.debias=false',
      'target.layers.1.size=3',
    )
    expect(document.method).toMatchObject({ extractor: [200, 100], batchNorm: { debias: false } })
    expect(document.target.layers[0]).toMatchObject({ kind: 'convolution', filters: 8 })
    expect(document.target.layers[1]).toEqual({ kind: 'max-pool', size: 3 })
  })

  it('takes keys of older documents, and says what they are called now', () => {
    const notes: string[] = []
    const older = ['objective.lambda=3', 'training.noiseBatch=5', 'hypernetwork.batchNorm.decay=0.5'].map(parseAssignment)
    const document = setValues(presetDocument('mnist-quick'), older, (note) => notes.push(note))
    expect(document.method).toMatchObject({ lambda: 3, noiseBatch: 5, batchNorm: { decay: 0.5 } })
    expect(notes[0]).toBe('objective.lambda is called method.lambda now.')
    expect(notes).toHaveLength(3)
    expect(faultOf(() => setValues(document, ['objective.lambda=1', 'method.lambda=2'].map(parseAssignment))).message).toContain(
      'set twice',
    )
  })

  it('takes no value that says a member twice', () => {
    expect(faultOf(() => set('method.batchNorm={"decay": 0.5, "decay": 0.9}')).message).toContain(
      'The value of method.batchNorm cannot be read: it has "decay" twice in one place',
    )
  })

  it('leaves the document it was given alone', () => {
    const document = presetDocument('mnist-quick')
    setValues(document, [{ key: 'training.steps', value: 3 }])
    expect(document).toEqual(presets['mnist-quick'])
  })

  it.each([
    ['training.step=3', 'Did you mean "training.steps"?', 'steps'],
    ['lambda=3', '"lambda"', 'method.lambda'],
    ['method.lamda=3', 'Did you mean "method.lambda"?', 'lambda'],
    ['training.steps.more=3', 'training.steps is a single value', 'a whole number'],
    ['target.layers.9.filters=3', 'target.layers has 6 elements', 'target.layers'],
    ['target.layers.4.filters=3', '"target.layers.4.filters"', 'units'],
    ['__proto__.polluted=1', '"__proto__.polluted"', 'training.steps'],
    ['training=3', 'training is a group of settings', 'training.steps'],
    ['data.id=other', 'data.id cannot be set', 'Leave'],
    ['steps', 'not a setting of the form key=value', 'training.steps=300'],
  ])('%s is refused with what would have been right', (text, message, remedy) => {
    const fault = faultOf(() => set(text))
    expect(fault.code).toBe('invalid-argument')
    expect(fault.message).toContain(message)
    expect(fault.remedy).toContain(remedy)
  })

  it.each([
    ['training.steps=0', 'training.steps is 0', 'a whole number from 1 to 10000000'],
    ['training.steps=2.5', 'training.steps is 2.5', 'a whole number from 1'],
    ['training.steps=many', 'training.steps is "many"', 'a whole number from 1'],
    ['training.learningRate=2', 'training.learningRate is 2', 'a number above 0 and at most 1'],
    ['method.noiseBatch=1', 'method.noiseBatch is 1', 'a whole number from 2 to 4096'],
    ['method.lambda=-1', 'method.lambda is -1', 'a number above 0 and at most 1000000000'],
    ['training.beta1=1', 'training.beta1 is 1', 'a number of at least 0 and below 1'],
    ['seed=4294967296', 'seed is 4294967296', 'a whole number from 0 to 4294967295'],
    ['method.extractor=300', 'method.extractor is 300', 'a list of at most 8, each a whole number'],
    ['target.layers.0.activation=swish', 'target.layers.0.activation is "swish"', 'one of "relu", "leaky-relu", "gelu", "tanh", "none"'],
    ['method.batchNorm.debias=yes', 'method.batchNorm.debias is "yes"', 'true or false'],
  ])('%s is out of range and says what is in range', (text, message, remedy) => {
    const fault = faultOf(() => set(text))
    expect(fault.code).toBe('invalid-argument')
    expect(fault.message).toContain(message)
    expect(fault.remedy).toContain(remedy)
  })

  it('refuses a key set twice, and lists that do not go together', () => {
    expect(faultOf(() => set('seed=1', 'seed=2')).message).toContain('seed is set twice')
    expect(faultOf(() => checkDocument(set('method.generators=[[40]]'))).message).toContain(
      '1 lists of hidden widths, but the target has 4 layers',
    )
  })

  it('says what is wrong for any whole number out of a range', () => {
    fc.assert(
      fc.property(fc.oneof(fc.integer({ max: 1 }), fc.integer({ min: 4097 })), (value) => {
        const fault = faultOf(() => set(`method.noiseBatch=${value}`))
        expect(fault.message).toContain(`method.noiseBatch is ${value}`)
      }),
    )
  })

  it('never throws anything but a LabError, whatever is typed', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.tuple(fc.constantFrom(...settableKeys()), fc.json()).map(([key, value]) => `${key}=${value}`),
        ),
        (text) => {
          try {
            set(text)
          } catch (thrown) {
            expect(thrown).toBeInstanceOf(LabError)
          }
        },
      ),
    )
  })
})

describe('a document from outside', () => {
  it('names unknown keys and the nearest known', () => {
    const document = { ...presetDocument('mnist-quick'), trainig: {} }
    const fault = faultOf(() => checkDocument(document))
    expect(fault.message).toBe('The document has no key "trainig". Did you mean "training"?')
  })

  it('names missing keys', () => {
    const { seed: _seed, ...rest } = presetDocument('mnist-quick')
    expect(faultOf(() => checkDocument(rest)).message).toBe('seed is missing.')
  })

  it('says once what is wrong with each, and what would be right', () => {
    const { training, ...rest } = presetDocument('mnist-quick')
    const fault = faultOf(() => checkDocument({ ...rest, training: { ...training, steps: 1e99 }, seed: -1 }))
    expect(fault.message).toBe('training.steps is 1e+99, which is not allowed. seed is -1, which is not allowed.')
    expect(fault.help?.faults).toEqual({
      'training.steps': 'training.steps is 1e+99, which is not allowed. Give training.steps a whole number from 1 to 10000000.',
      seed: expect.stringMatching(/^seed is -1, which is not allowed\. Give seed a whole number/) as string,
    })
  })

  it('shows the beginning of what is deep or long', () => {
    let deep: unknown = 1
    for (let depth = 0; depth < 100_000; depth++) deep = [deep]
    const layers = (value: unknown) => faultOf(() => checkDocument({ ...presetDocument('mnist-quick'), target: { layers: value } })).message
    expect(layers(deep)).toContain('target.layers.0 is [[["..."]]], which is not allowed.')
    expect(layers(new Array(300_000).fill({}))).toContain('target.layers is a list of 300000, which is not allowed.')
    expect(layers([{ kind: 'x'.repeat(1e6) }]).length).toBeLessThan(300)
  })

  it('says what is allowed of a whole layer', () => {
    expect(describeAllowed(schemaAt(['target', 'layers', 0], {})!)).toContain('kind: "dense"')
  })
})

describe('fitting to data', () => {
  const data = {
    name: 'shapes',
    hash: 'ab',
    count: 100,
    height: 12,
    width: 10,
    channels: 3,
    classes: 4,
    split: { train: 60, validation: 20, test: 20 },
  }

  it('follows the size, channels, classes and split of the data', () => {
    const fitted = fitToData(presetDocument('mnist-quick'), data)
    expect(fitted.data).toEqual({ id: 'ab', split: data.split })
    expect(fitted.target.input).toEqual({ height: 12, width: 10, channels: 3 })
    expect(fitted.target.layers.at(-1)).toEqual({ kind: 'dense', units: 4, activation: 'none' })
    expect(fitted.evaluation.images).toBe(20)
  })

  it.each([
    ['MNIST itself', 28, 28, 1, 10, [2, 2], 8],
    ['UCI digits', 8, 8, 1, 10, [1, 1], 8],
    ['CIFAR-10', 32, 32, 3, 10, [2, 2], 8],
    ['two classes of photographs', 64, 64, 3, 2, [4, 2], 8],
    ['letters', 28, 28, 1, 26, [2, 2], 21],
    ['as many classes as there can be', 64, 64, 3, 256, [4, 2], 128],
    ['one pixel', 1, 1, 1, 2, [1, 1], 8],
  ])('fits the target to %s', (_what, height, width, channels, classes, pools, units) => {
    for (const name of Object.keys(presets).filter((one) => presets[one].data.id === 'mnist')) {
      const fitted = checkDocument(fitToData(presetDocument(name), { ...data, height, width, channels, classes }))
      const [hidden, last] = fitted.target.layers.slice(-2)
      const before = pools.flatMap((size) => [{ kind: 'convolution' }, ...(size === 1 ? [] : [{ kind: 'max-pool', size }])])
      expect(fitted.target.layers.slice(0, -2)).toMatchObject(before)
      expect(hidden).toMatchObject({ kind: 'dense', units })
      expect(last).toMatchObject({ kind: 'dense', units: classes })
      const layout = layOut(fitted.target)
      expect(layout.classes).toBe(classes)
      expect(layout.weightCount).toBeLessThan(200_000)
    }
  })

  it.each(['cifar-quick', 'cifar-resnet32'])(
    'leaves %s as it is on CIFAR-10, and lets it read other images that are large enough',
    (name) => {
      const { target } = presets[name]
      const on = (side: number, channels: number) =>
        checkDocument(fitToData(presetDocument(name), { ...data, height: side, width: side, channels, classes: 10 }))
      expect(on(32, 3).target).toEqual(target)
      for (const [side, channels] of [
        [28, 1],
        [64, 3],
      ])
        expect(layOut(on(side, channels).target).classes).toBe(10)
      expect(() => on(8, 1)).toThrow('normalisation over one place gives zeros')
    },
  )

  it("leaves layers alone that are no preset's", () => {
    const own = set('target.layers.0.filters=4')
    const fitted = fitToData(own, { ...data, height: 64, width: 64 })
    expect(fitted.target.layers.slice(0, 5)).toEqual(own.target.layers.slice(0, 5))
    const chosen = fitToData(presetDocument('mnist-quick'), { ...data, height: 64, width: 64 }, new Set(['target.layers.1.size']))
    expect(chosen.target.layers[1]).toMatchObject({ size: 2 })
  })

  it.each([
    ['target.input.height', 'target.input.height is 28, but the images of "shapes" have height 12.'],
    ['target.layers.5.units', 'target.layers.5.units is 10, but "shapes" has 4 classes.'],
    ['target.layers', 'target.layers.5.units is 10'],
    ['data.split.train', '"shapes" has 100 images'],
    ['evaluation.images', 'the validation split has 20 images'],
  ])('never changes %s when it was set by hand', (key, message) => {
    const fault = faultOf(() => fitToData(presetDocument('mnist-quick'), data, new Set([key])))
    expect(fault.code).toBe('invalid-argument')
    expect(fault.message).toContain(message)
  })
})

describe('did you mean', () => {
  it('counts swapped neighbours as one edit', () => {
    expect(editDistance('trian', 'train')).toBe(1)
    expect(editDistance('', 'abc')).toBe(3)
    expect(editDistance('kitten', 'sitting')).toBe(3)
  })

  it('says nothing when nothing is near', () => {
    expect(nearest('banana', ['train', 'sample'])).toBeUndefined()
    expect(nearest('trian', ['sample', 'train'])).toBe('train')
  })
})
