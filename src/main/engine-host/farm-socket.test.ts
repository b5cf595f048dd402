import { existsSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import { encodeFrame, FrameReader, type FarmPort } from '../../engine/farm/wire.ts'
import { connectToEngine, createFarmAddress, listenForWorkers, socketPort } from './farm-socket.ts'

async function call(path: string): Promise<FarmPort> {
  return socketPort(await connectToEngine(path, 5000))
}

const closed = (port: FarmPort) => new Promise<void>((resolve) => port.onClose(resolve))

describe('the farm socket', () => {
  it.skipIf(process.platform === 'win32')('lies in a folder of this user alone, and is gone when all have come', async () => {
    const address = createFarmAddress()
    expect(statSync(dirname(address.path)).mode & 0o777).toBe(0o700)
    const listening = listenForWorkers(address, 1)
    const worker = await call(address.path)
    worker.send(encodeFrame({ type: 'hello', token: address.token }, []))
    const [port] = await listening
    expect(existsSync(dirname(address.path))).toBe(false)
    const heard = new Promise((resolve) => {
      const reader = new FrameReader(({ header, payload }) => resolve([header, [...payload]]))
      worker.onBytes((bytes) => reader.push(bytes))
    })
    port.send(encodeFrame({ a: 1 }, [new Float32Array([1, 2])]))
    expect(await heard).toEqual([{ a: 1 }, [1, 2]])
    const end = closed(worker)
    port.close()
    await end
  })

  it('hangs up on strangers, and still waits for the worker', async () => {
    const address = createFarmAddress()
    const listening = listenForWorkers(address, 1)
    for (const first of [
      encodeFrame({ type: 'hello', token: 'guess' }, []),
      encodeFrame({ type: 'hello', token: 'g'.repeat(address.token.length) }, []),
      [new Uint8Array(99)],
      encodeFrame({ type: 'gradient', first: 0, n: 1 }, []),
    ]) {
      const stranger = await call(address.path)
      const end = closed(stranger)
      stranger.send(first)
      await end
    }
    const worker = await call(address.path)
    worker.send(encodeFrame({ type: 'hello', token: address.token }, []))
    const [port] = await listening
    port.close()
  })

  it('lets a worker call before anybody listens', async () => {
    const address = createFarmAddress()
    const calling = call(address.path)
    const listening = listenForWorkers(address, 1)
    ;(await calling).send(encodeFrame({ type: 'hello', token: address.token }, []))
    ;(await listening)[0].close()
  })
})
