/** Which rows of a long list are in sight: the others are not in the page. */
import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core'
import { untrack } from 'svelte'

export interface VirtualRowsOptions {
  /** Rows in all. */
  count(): number
  /** Height of each, pixels. */
  rowHeight: number
  /** Height of what stays above them, pixels. */
  headHeight: number
  /** What scrolls. */
  element(): HTMLElement | null
}

export class VirtualRows {
  /** First row in the page, and the one after the last. */
  range = $state.raw({ start: 0, end: 0 })
  readonly #virtualizer: Virtualizer<HTMLElement, Element>
  readonly #options: VirtualRowsOptions

  /** Must be made while a component is set up: it follows the component's life. */
  constructor(options: VirtualRowsOptions) {
    this.#options = options
    this.#virtualizer = new Virtualizer(this.#virtualizerOptions())
    $effect(() => {
      if (options.element() === null) return
      return untrack(() => this.#virtualizer._didMount())
    })
    $effect(() => {
      options.count()
      if (options.element() === null) return
      untrack(() => {
        this.#virtualizer.setOptions(this.#virtualizerOptions())
        this.#virtualizer._willUpdate()
        this.#read()
      })
    })
  }

  /** Brings a row into sight. */
  reveal(index: number): void {
    this.#virtualizer.scrollToIndex(index, { align: 'auto' })
  }

  #virtualizerOptions() {
    const { count, rowHeight, headHeight, element } = this.#options
    return {
      count: untrack(count),
      getScrollElement: element,
      estimateSize: () => rowHeight,
      overscan: 12,
      paddingStart: headHeight,
      scrollPaddingStart: headHeight,
      observeElementRect,
      observeElementOffset,
      scrollToFn: elementScroll,
      onChange: () => this.#read(),
    }
  }

  #read(): void {
    const items = this.#virtualizer.getVirtualItems()
    const start = items[0]?.index ?? 0
    const end = (items.at(-1)?.index ?? -1) + 1
    if (start !== this.range.start || end !== this.range.end) this.range = { start, end }
  }
}
