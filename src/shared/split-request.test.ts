import { describe, expect, it } from 'vitest'
import { settleSplit, type SplitRequest } from './split-request.ts'

const facts = { name: 'shapes', count: 1000, split: { train: 800, validation: 100, test: 100 } }
const data = { id: 'shapes', split: facts.split }
const settle = (request: SplitRequest) => settleSplit(request, facts, data)

describe('the split that is asked for', () => {
  it.each<[string, SplitRequest, object]>([
    ['all images', { from: 'all' }, { split: facts.split, deal: { seed: 1, first: 1000 } }],
    [
      'shares of all',
      { train: 0.7, validation: 0.2, test: 0.1, from: 'all', seed: 7 },
      { split: { train: 700, validation: 200, test: 100 }, deal: { seed: 7, first: 1000 } },
    ],
    [
      'shares that are no whole numbers',
      { train: 1 / 3, validation: 1 / 3, test: 1 / 3, from: 'all' },
      { split: { train: 333, validation: 333, test: 333 }, deal: { seed: 1, first: 1000 } },
    ],
    [
      'images of the training images',
      { train: 500, validation: 50 },
      { split: { train: 500, validation: 50, test: 100 }, deal: { seed: 1, first: 900 } },
    ],
    [
      'validation alone: all others train',
      { validation: 0.5 },
      { split: { train: 450, validation: 450, test: 100 }, deal: { seed: 1, first: 900 } },
    ],
    ['a seed alone', { seed: 3 }, { split: facts.split, deal: { seed: 3, first: 900 } }],
    ['as imported', { from: 'imported' }, { split: facts.split }],
    [
      'an answer with it',
      { from: 'all', accept: ['equal-across-splits'] },
      { split: facts.split, deal: { seed: 1, first: 1000, accept: 'equal-across-splits' } },
    ],
  ])('%s', (_what, request, settled) => {
    expect(settle(request)).toEqual(settled)
  })

  it('adds an answer alone to what the document has', () => {
    const own = { id: 'shapes', split: { train: 5, validation: 5, test: 5 }, deal: { seed: 9, first: 1000 } }
    const { split, deal } = settleSplit({ accept: ['equal-across-splits'] }, facts, own)
    expect({ split, deal }).toEqual({ split: own.split, deal: { ...own.deal, accept: 'equal-across-splits' } })
  })

  it.each<[SplitRequest, string]>([
    [{ train: 0.8, validation: 0.1, test: 0.1 }, 'Test images stay as they were imported'],
    [{ train: 900, validation: 100, test: 100, from: 'all' }, '"shapes" has 1,000; at least'],
    [{ train: 850, validation: 100 }, '"shapes" has 900 for training and validation, and 100 for test; at least'],
    [{ test: 101 }, '100 validation and 101 test images'],
    [{ validation: 0 }, 'at least one must train, and one validate'],
    [{ from: 'imported', seed: 3 }, 'no seed'],
    [{ accept: ['equal-across-splits'] }, 'nothing to accept'],
  ])('%j is refused at the split', (request, message) => {
    expect(() => settle(request)).toThrow(
      expect.objectContaining({
        code: 'invalid-argument',
        message: expect.stringContaining(message) as string,
        help: { settings: { 'data.split': null } },
      }),
    )
  })
})
