import { afterEach, expect, it, vi } from 'vitest'
import { networksRun, whyUnused } from './device.ts'

afterEach(() => vi.unstubAllEnvs())

it('is as the run was begun, as WEIGHTSCAPE_DEVICE asks, or for TensorFlow to tell where a GPU is seen', () => {
  vi.stubEnv('WEIGHTSCAPE_DEVICE', undefined)
  expect([networksRun(undefined, []), networksRun(undefined, ['L4'])]).toEqual(['one by one', null])
  vi.stubEnv('WEIGHTSCAPE_DEVICE', 'gpu')
  expect([networksRun(undefined, []), networksRun('one by one', ['L4'])]).toEqual(['all at once', 'one by one'])
  vi.stubEnv('WEIGHTSCAPE_DEVICE', 'cpu')
  expect([networksRun(undefined, ['L4']), networksRun('all at once', [])]).toEqual(['one by one', 'all at once'])
})

it('is not hidden by the name of a device, nor by its number', () => {
  for (const name of ['0', '0,1', 'GPU-8932f937', 'MIG-GPU-8932f937/1/0'])
    expect(
      whyUnused({ gpus: ['NVIDIA L4'], cuda: true, driverVersion: undefined, said: '', environment: { CUDA_VISIBLE_DEVICES: name } })?.why,
    ).not.toMatch(/hides/)
})

it.each([
  [
    'one for processors',
    { cuda: false },
    'the TensorFlow that is set up is the one for processors',
    /up again with WEIGHTSCAPE_DEVICE=gpu/,
  ],
  [
    'left out',
    { cuda: false, environment: { WEIGHTSCAPE_DEVICE: 'cpu' } },
    'is the one for processors: WEIGHTSCAPE_DEVICE is cpu',
    /up again/,
  ],
  ['hidden', { environment: { CUDA_VISIBLE_DEVICES: '-1' } }, 'CUDA_VISIBLE_DEVICES="-1" hides it', /Unset/],
  ['an old driver', { driverVersion: '470.82.01' }, 'its driver, 470.82.01, is older than CUDA 12 works with', /525 or newer/],
  [
    'CUDA',
    { said: 'I0000 oneDNN is on\nE0000 failed call to cuInit: UNKNOWN ERROR (303)\n' },
    'failed call to cuInit: UNKNOWN ERROR (303)',
    /nvidia-smi/,
  ],
  ['who knows', { environment: { CUDA_VISIBLE_DEVICES: '1' }, driverVersion: '535.1' }, 'TensorFlow does not say why', /up again/],
])('a GPU that is not used has a reason and a remedy: %s', (_, given, why, remedy) => {
  const found = whyUnused({ gpus: ['NVIDIA L4'], cuda: true, driverVersion: undefined, environment: {}, said: '', ...given })
  expect(found).toMatchObject({
    gpu: 'NVIDIA L4',
    why: expect.stringContaining(why) as string,
    remedy: expect.stringMatching(remedy) as string,
  })
  expect(whyUnused({ gpus: [], cuda: true, driverVersion: undefined, environment: {}, said: '', ...given })).toBeNull()
})
