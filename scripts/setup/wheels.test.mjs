import { describe, expect, it } from 'vitest'
import { requirementsOfExtra } from './tensorflow.mjs'
import { temporaryContext } from './temporary.mjs'
import { wheelFor, WHEELS } from './wheels.mjs'

describe('the wheel for a machine', () => {
  it('is chosen by platform, and by WEIGHTSCAPE_DEVICE over what is seen', async () => {
    const { context } = await temporaryContext()
    expect(wheelFor({ ...context, env: { WEIGHTSCAPE_DEVICE: 'cpu' } }).package).toBe('tensorflow-cpu')
    expect(wheelFor({ ...context, env: { WEIGHTSCAPE_DEVICE: 'gpu' } })).toMatchObject({ package: 'tensorflow', cuda: true })
    expect(wheelFor({ ...context, platform: 'darwin', arch: 'arm64' }).platforms).toEqual(['macosx_12_0_arm64'])
    expect(() => wheelFor({ ...context, env: { WEIGHTSCAPE_DEVICE: 'tpu' } })).toThrow('WEIGHTSCAPE_DEVICE is "tpu"')
  })

  it('is refused in a sentence where there is none', async () => {
    const { context } = await temporaryContext()
    expect(() => wheelFor({ ...context, platform: 'win32' })).toThrow('Windows')
    expect(() => wheelFor({ ...context, platform: 'darwin', arch: 'x64' })).toThrow('darwin-x64')
  })

  it('has a folder and a hash of its own', () => {
    const wheels = Object.values(WHEELS)
    for (const property of /** @type {const} */ (['key', 'sha256']))
      expect(new Set(wheels.map((wheel) => wheel[property])).size).toBe(wheels.length)
    for (const { sha256 } of wheels) expect(sha256).toMatch(/^[0-9a-f]{64}$/)
  })
})

describe("NVIDIA's libraries", () => {
  it("are those of the wheel's extra", () => {
    const metadata = `Name: tensorflow
Requires-Dist: numpy>=1.26.0
Requires-Dist: nvidia-cublas-cu12<13.0,>=12.5.3.2; extra == "and-cuda"
Requires-Dist: nvidia-cudnn-cu12 (<10.0,>=9.3.0.75) ; extra == 'and-cuda'
Requires-Dist: something; extra == "other"
`
    expect(requirementsOfExtra(metadata, 'and-cuda')).toEqual(['nvidia-cublas-cu12<13.0,>=12.5.3.2', 'nvidia-cudnn-cu12<10.0,>=9.3.0.75'])
  })
})
