import { describe, expect, it } from 'vitest'
import { LineWorker, timesOf } from './line-worker.ts'

const echo = `
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const request = JSON.parse(line)
  if (request.do === 'die') { console.error('out of luck'); process.exit(3) }
  if (request.do === 'babble') console.log('hello')
  else console.log(JSON.stringify(request.do === 'fail' ? { ok: false, error: 'cannot' } : { ok: true, ms: [request.n] }))
})`

const start = () => new LineWorker('echo', { command: process.execPath, args: ['-e', echo], environment: {} })

describe('LineWorker', () => {
  it('answers one question after another, and ends when let go', async () => {
    const worker = start()
    expect(timesOf(await worker.ask('step', { n: 4 }))).toEqual([4])
    expect(timesOf(await worker.ask('step', { n: 5 }))).toEqual([5])
    await worker.close()
    await expect(worker.ask('step')).rejects.toThrow('ended')
  })

  it('reports a failure and goes on', async () => {
    const worker = start()
    await expect(worker.ask('fail')).rejects.toThrow('cannot')
    expect(timesOf(await worker.ask('step', { n: 1 }))).toEqual([1])
    await worker.close()
  })

  it('says how a worker died, with its last words', async () => {
    await expect(start().ask('die')).rejects.toThrow(/exit 3[^]*out of luck/)
  })

  it('refuses what is no answer', async () => {
    const worker = start()
    await expect(worker.ask('babble')).rejects.toThrow('no JSON')
    await worker.close()
  })

  it('reports a command that is not there', async () => {
    const worker = new LineWorker('none', { command: 'no-such-command-here', args: [], environment: {} })
    await expect(worker.ask('step')).rejects.toThrow('cannot be started')
  })
})
