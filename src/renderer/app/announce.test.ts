import { expect, test } from 'vitest'
import { endInWords } from './announce.ts'

test('a training that was paused or stopped is not called done', () => {
  expect(endInWords({ stage: 'Paused at step 155', seconds: 31 })).toBe('paused at step 155')
  expect(endInWords({ stage: 'Paused at step 15: the demo goes on', seconds: 31 })).toBe('paused at step 15: the demo goes on')
  expect(endInWords({ stage: 'Stopped at step 7', seconds: 31 })).toBe('stopped at step 7')
  expect(endInWords({ stage: 'Finished: 700 steps', seconds: 31 })).toBe('done in 31\u00a0s')
})
