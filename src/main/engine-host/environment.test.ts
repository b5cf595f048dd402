import { spawnSync } from 'node:child_process'
import { expect, it } from 'vitest'
import { processFlags } from './environment.ts'

it('gives processes no option that this Node does not know', () => {
  const { status, stderr } = spawnSync(process.execPath, [...processFlags, '-e', ''], { env: {}, encoding: 'utf8' })
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
})
