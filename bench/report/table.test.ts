import { describe, expect, it } from 'vitest'
import { formatMs, formatTable } from './table.ts'

describe('formatTable', () => {
  it('aligns names left and figures right under their heads', () => {
    expect(
      formatTable(
        ['', 'min ms', 'ours / it'],
        [
          ['ours', '180', '1.00'],
          ['tensorflow', '1263', '0.14'],
        ],
      ),
    ).toBe(
      [
        '            min ms  ours / it',
        '----------  ------  ---------',
        'ours           180       1.00',
        'tensorflow    1263       0.14',
      ].join('\n'),
    )
  })

  it('stands without rows', () => {
    expect(formatTable(['a', 'b'], [])).toBe('a  b\n-  -')
  })
})

describe('formatMs', () => {
  it.each([
    [5.213, '5.21'],
    [52.13, '52.1'],
    [521.3, '521'],
    [15085.2, '15085'],
  ])('%d', (ms, text) => {
    expect(formatMs(ms)).toBe(text)
  })
})
