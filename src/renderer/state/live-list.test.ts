import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { LiveList } from './live-list.svelte.ts'
import type { ListEvents } from './live-list.svelte.ts'

interface Item {
  id: string
  createdAt: number
  value: number
}

const compare = (a: Item, b: Item): number => b.createdAt - a.createdAt || (a.id < b.id ? -1 : 1)
const pageSize = 3

interface Question {
  before: Item | undefined
  answer(page: Item[]): void
}

/** A lab whose answers and changes travel over one wire, in order, and arrive when the test says so. */
class Wire {
  readonly items = new Map<string, Item>()
  /** Those that were there once. */
  readonly gone = new Map<string, Item>()
  #events: ListEvents<Item> | null = null
  #travelling: { arrive: () => void; answers?: Question }[] = []
  #asked: Question[] = []
  #made = 0

  get isQuiet(): boolean {
    return this.#travelling.length === 0 && this.#asked.length === 0
  }

  readonly list = new LiveList<Item>({
    pages: () => this.#pages(),
    watch: (on) => {
      this.#events = on
      return { close: () => (this.#events = null) }
    },
    idOf: ({ id }) => id,
    compare,
  })

  async *#pages(): AsyncGenerator<Item[]> {
    let before: Item | undefined
    while (true) {
      const page = await new Promise<Item[]>((answer) => this.#asked.push({ before, answer }))
      yield page
      if (page.length < pageSize) return
      before = page[page.length - 1]
    }
  }

  create(): void {
    const made = this.#made++
    this.#put({ id: `run ${made}`, createdAt: made, value: 0 })
  }

  change(at: number): void {
    const item = pick(this.items, at)
    if (item !== undefined) this.#put({ ...item, value: item.value + 1 })
  }

  remove(at: number): void {
    const item = pick(this.items, at)
    if (item === undefined) return
    this.items.delete(item.id)
    this.gone.set(item.id, item)
    this.#travelling.push({ arrive: () => this.#events?.changed([], [item.id]) })
  }

  restore(at: number): void {
    const item = pick(this.gone, at)
    if (item === undefined) return
    this.gone.delete(item.id)
    this.#put(item)
  }

  /** The lab answers what it was asked first. */
  answer(): void {
    const asked = this.#asked.shift()
    if (asked === undefined) return
    const { before } = asked
    const behind = [...this.items.values()].sort(compare).filter((item) => before === undefined || compare(before, item) < 0)
    this.#travelling.push({ arrive: () => asked.answer(behind.slice(0, pageSize)), answers: asked })
  }

  /** The oldest thing on the wire arrives. */
  async arrive(): Promise<void> {
    this.#travelling.shift()?.arrive()
    await new Promise((resolve) => setImmediate(resolve))
  }

  /** What is on the wire is lost; questions without an answer are asked again, and the stream is opened anew. */
  cut(): void {
    this.#asked.push(...this.#travelling.flatMap(({ answers }) => answers ?? []))
    this.#travelling = []
    this.#events?.reopened()
  }

  #put(item: Item): void {
    this.items.set(item.id, item)
    this.#travelling.push({ arrive: () => this.#events?.changed([item], []) })
  }
}

function pick(items: ReadonlyMap<string, Item>, at: number): Item | undefined {
  return [...items.values()].at(at % Math.max(items.size, 1))
}

const move = fc.oneof(
  { weight: 2, arbitrary: fc.constant(['create', 0] as const) },
  { weight: 2, arbitrary: fc.tuple(fc.constantFrom('change', 'remove', 'restore'), fc.nat({ max: 40 })) },
  { weight: 6, arbitrary: fc.constantFrom(['answer', 0] as const, ['arrive', 0] as const) },
  { weight: 1, arbitrary: fc.constant(['cut', 0] as const) },
)

describe('a list that comes in parts', () => {
  it('is in the end what the lab has, whatever changes, arrives late or is lost meanwhile', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat({ max: 14 }), fc.array(move, { maxLength: 60 }), async (first, moves) => {
        const wire = new Wire()
        for (let i = 0; i < first; i++) wire.create()
        const end = wire.list.follow()
        for (const [name, at] of moves) await wire[name](at)
        while (!wire.isQuiet) {
          wire.answer()
          await wire.arrive()
        }
        expect(wire.list.whole).toBe(true)
        expect(wire.list.items).toEqual([...wire.items.values()].sort(compare))
        end()
      }),
      { numRuns: 150 },
    )
  })

  it('shows its first part at once, and keeps what it has while it is read anew', async () => {
    const wire = new Wire()
    for (let i = 0; i < 5; i++) wire.create()
    wire.list.follow()
    const ids = (): string[] => wire.list.items.map(({ id }) => id)
    // The changes of before are on the wire already.
    for (let i = 0; i < 5; i++) await wire.arrive()
    wire.answer()
    await wire.arrive()
    expect([wire.list.ready, wire.list.whole]).toEqual([true, false])
    wire.answer()
    await wire.arrive()
    expect(wire.list.whole).toBe(true)
    expect(ids()).toEqual(['run 4', 'run 3', 'run 2', 'run 1', 'run 0'])
    wire.cut()
    wire.answer()
    await wire.arrive()
    expect(ids()).toHaveLength(5)
    wire.answer()
    await wire.arrive()
    expect(ids()).toHaveLength(5)
  })

  it('gives a changed item the place that it has now', async () => {
    const wire = new Wire()
    for (let i = 0; i < 4; i++) wire.create()
    wire.list.follow()
    while (!wire.isQuiet) {
      wire.answer()
      await wire.arrive()
    }
    const first = wire.items.get('run 0')!
    wire.list.apply([{ ...first, value: 7 }], [])
    expect(wire.list.items.map(({ id, value }) => [id, value])).toEqual([
      ['run 3', 0],
      ['run 2', 0],
      ['run 1', 0],
      ['run 0', 7],
    ])
    wire.list.apply([{ ...first, createdAt: 2.5 }], [])
    expect(wire.list.items.map(({ id }) => id)).toEqual(['run 3', 'run 0', 'run 2', 'run 1'])
  })
})
