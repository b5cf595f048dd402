import { expect, it } from 'vitest'
import { styles } from './html-styles.ts'

it('a long name in a table wraps before the numbers beside it are broken', () => {
  const rules = (selector: string) => styles.split(`}${selector}{`)[1].split('}')[0]
  expect(rules('table')).toContain('overflow-wrap:normal')
  expect(rules('.numbers .note')).toContain('overflow-wrap:normal')
  expect(rules('tbody th')).not.toContain('nowrap')
})
