/** Counts images by their size. */
import type { ImageSize } from '../../shared/dataset-import.ts'

export class SizeCounter {
  readonly #counts = new Map<string, ImageSize>()

  add(height: number, width: number, channels: number, count = 1): void {
    const key = `${height} ${width} ${channels}`
    const size = this.#counts.get(key)
    if (size === undefined) this.#counts.set(key, { height, width, channels, count })
    else size.count += count
  }

  /** The most frequent first. */
  list(): ImageSize[] {
    return [...this.#counts.values()].sort((a, b) => b.count - a.count || a.height - b.height || a.width - b.width)
  }
}
