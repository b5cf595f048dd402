/** Views of networks of a map by value: each number is of the network or image that it stands beside. */
import { expect, it } from 'vitest'
import type { NetworkCard as Card } from '../../../shared/contract/networks.ts'
import { shown } from '../../testing/shown.ts'
import type { CardState } from './card.svelte.ts'
import type { ManifoldState } from './manifold.svelte.ts'
import Neighbours from './Neighbours.svelte'
import NetworkCard from './NetworkCard.svelte'

const spaced = (text: string): string => text.replaceAll('\u00a0', ' ')

it('the nearest networks are told with their own accuracy and distance', () => {
  const manifold = {
    ...{ measures: [{ key: 'accuracy', format: (value: number) => `${100 * value} %` }], triedOn: '80 test images' },
    values: { accuracy: [0.5, 0.25, 0.75] },
    nameOf: (index: number) => `Network ${index}`,
    neighboursOf: (index: number) =>
      index === 0
        ? [
            { index: 2, distance: 12 },
            { index: 1, distance: 34 },
          ]
        : null,
  } as unknown as ManifoldState
  const { items } = shown(Neighbours, { manifold, index: 0, onopen: () => undefined })
  expect(items).toEqual(['Network 2 75 % of 80 test images 12', 'Network 1 25 % of 80 test images 34'])
})

/** Three images of two classes, of a third one none. */
const card: Card = {
  ...{ run: 'heron', checkpoint: 'c', step: 100, seed: 7, index: 4, images: 40, accuracy: 0.9, loss: 0.3, filters: null },
  ...{ classAccuracies: [0.95, 0.85, 0], classNames: ['cat', 'dog', 'owl'], confusion: Uint32Array.of(19, 1, 0, 2, 17, 1, 0, 0, 0) },
  worst: {
    pictures: {
      ...{ indices: Uint32Array.of(30, 11), labels: Uint8Array.of(1, 0), height: 1, width: 1, channels: 1 },
      pixels: Uint8Array.of(3, 4),
    },
    predicted: [2, 1],
    probability: [0.125, 0.25],
  },
}

it('a network is told with its worst images: what they are, what they were taken for, and what it gave the truth', () => {
  const { items, html, text } = shown(NetworkCard, { card, shown: { filters: null, filtersError: null } as CardState, on: 'On 40 images.' })
  expect(items.slice(-2)).toEqual(['dog \u2192 owl', 'cat \u2192 dog'])
  expect(spaced(html)).toContain('Image 30: dog, taken for owl; it gave dog 12.5 %')
  expect(spaced(html)).toContain('Image 11: cat, taken for dog; it gave cat 25.0 %')
  expect(items.slice(0, 3).map(spaced)).toEqual(['cat 95 % [76, 99]', 'dog 85 % [64, 95]', 'owl \u2013'])
  // A class without images draws no bar down.
  expect(spaced(text)).toContain('Bars begin at 80 %.')
})
