import { afterEach, describe, expect, it, vi } from 'vitest'
import { LabError } from '../../shared/errors.ts'
import { browserPlatform } from './browser-platform.ts'

/** Requests as the platform makes them, answered by the test. */
class FakeRequest {
  static all: FakeRequest[] = []
  readonly upload: { onprogress?: (event: { loaded: number }) => void } = {}
  status = 0
  responseText = ''
  address = ''
  aborted = false
  onload?: () => void
  onerror?: () => void
  onabort?: () => void

  open(method: string, address: string) {
    this.address = `${method} ${address}`
    FakeRequest.all.push(this)
  }

  send() {
    // Nothing goes anywhere: the test answers.
  }

  abort() {
    this.aborted = true
    this.onabort?.()
  }

  answer(status: number, body = '') {
    this.status = status
    this.responseText = body
    this.onload?.()
  }
}

const settled = () => new Promise<void>((resolve) => setTimeout(resolve))

function platform() {
  FakeRequest.all = []
  vi.stubGlobal('XMLHttpRequest', FakeRequest)
  const window = { document: { title: 'Weightscape' }, navigator: { userAgent: 'X11; Linux' } } as unknown as Window
  return { platform: browserPlatform(window, '1.2.3'), window }
}

const files = (...sizes: number[]) =>
  sizes.map((size, index) => ({ file: new File([new Uint8Array(size)], 'f'), path: `a b/${index}.png` }))

afterEach(() => vi.unstubAllGlobals())

describe('the platform of a browser', () => {
  it('uploads a few files at a time, each to its place, and tells how far it is', async () => {
    const sent: number[] = []
    const uploading = platform().platform.upload('id/1', files(10, 10, 10, 10, 10, 10), { onProgress: (bytes) => sent.push(bytes) })
    expect(FakeRequest.all.map(({ address }) => address)).toEqual([0, 1, 2, 3].map((index) => `PUT /upload/id%2F1/a%20b/${index}.png`))
    FakeRequest.all[1].upload.onprogress?.({ loaded: 7 })
    expect(sent).toEqual([7])
    FakeRequest.all[0].answer(204)
    await settled()
    expect(FakeRequest.all).toHaveLength(5)
    for (let index = 1; index < 6; index++) {
      FakeRequest.all[index].answer(204)
      await settled()
    }
    await uploading
  })

  it('ends the others when one is refused, and says why', async () => {
    const uploading = platform().platform.upload('i', files(1, 1))
    FakeRequest.all[0].answer(507, JSON.stringify({ code: 'disk', message: 'The disk is full.', remedy: 'Make room.' }))
    await expect(uploading).rejects.toMatchObject({ code: 'disk', remedy: 'Make room.' })
    expect(FakeRequest.all[1].aborted).toBe(true)
  })

  it('takes an answer that is no error of the lab for what it is', async () => {
    const uploading = platform().platform.upload('i', files(1))
    FakeRequest.all[0].answer(502, '<html>')
    await expect(uploading).rejects.toMatchObject({ code: 'internal' })
  })

  it('ends everything when it is cancelled', async () => {
    const cancelling = new AbortController()
    const uploading = platform().platform.upload('i', files(1, 1), { signal: cancelling.signal })
    cancelling.abort()
    await expect(uploading).rejects.toBeInstanceOf(LabError)
    expect(FakeRequest.all.every(({ aborted }) => aborted)).toBe(true)
  })

  it('shows progress in the title, and takes it away again', () => {
    const { platform: made, window } = platform()
    made.progress(0.427)
    expect(window.document.title).toBe('42 % Weightscape')
    made.title('Runs - Weightscape')
    expect(window.document.title).toBe('42 % Runs - Weightscape')
    made.progress(null)
    expect(window.document.title).toBe('Runs - Weightscape')
  })
})
