import { expect, test } from 'vitest'
import { imagesInWords } from './card-images.ts'

test('a card says which images it is about, and when the colours of the map are about others', () => {
  const on = { split: 'validation', images: 1000 } as const
  expect(imagesInWords(on, { split: 'validation', images: 1000 })).toBe('On the first 1,000 validation images, as the colours of the map.')
  expect(imagesInWords(on, { split: 'test', images: 1000 })).toBe(
    'On the first 1,000 validation images; the colours of the map are from 1,000 test images.',
  )
  expect(imagesInWords(on, null)).toBe('On the first 1,000 validation images.')
})
