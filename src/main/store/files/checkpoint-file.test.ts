import { expect, test } from 'vitest'
import { presets } from '../../../shared/presets.ts'
import { sampleState } from '../testing/samples.ts'
import { decodeCheckpoint, encodeCheckpoint } from './checkpoint-file.ts'
import { canonicalJson } from './checksummed-json.ts'
import { decodeTensors, encodeTensors } from './safetensors.ts'

const document = presets['mnist-quick']
const whole = encodeCheckpoint(sampleState(7), document)

/** The same file with other words in its head. */
function withWords(words: Record<string, string>): Uint8Array {
  const { arrays, metadata } = decodeTensors(whole, 'It')
  return encodeTensors({ arrays, metadata: { ...metadata, ...words } })
}

test('a checkpoint comes back as it was, and the same state is the same bytes', () => {
  expect(decodeCheckpoint(whole)).toEqual({ state: sampleState(7), document })
  expect(encodeCheckpoint(sampleState(7), document)).toEqual(whole)
  expect(decodeCheckpoint(withWords({ step: '0' })).state.step).toBe(0)
})

test('what is no checkpoint is refused by its name', () => {
  const refused = { code: 'corrupt', message: expect.stringContaining('The one of step 7 is not a checkpoint of this version') as string }
  for (const words of [{ format: 'weightscape-result-1' }, { step: 'seven' }, { step: '-1' }, { step: '1.5' }])
    expect(() => decodeCheckpoint(withWords(words), 'The one of step 7')).toThrow(expect.objectContaining(refused))
})

test('a document that cannot be read is said to be', () => {
  expect(() => decodeCheckpoint(withWords({ document: '{' }))).toThrow('The checkpoint carries no experiment document.')
  const odd = canonicalJson({ ...document, seed: 'seven' })
  expect(() => decodeCheckpoint(withWords({ document: odd }))).toThrow(
    expect.objectContaining({
      code: 'corrupt',
      message: expect.stringMatching(/document that this version cannot read: seed: /) as string,
    }),
  )
})
