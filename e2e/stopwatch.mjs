/**
 * In a page, before its own code: how long after an input what it asks for is on the screen. Told are
 * milliseconds from the input's own time stamp to the end of the first frame that shows it.
 */
class Stopwatch {
  /** When the last input of the kind that is waited for came. @type {number | null} */
  #began = null
  #kind = ''
  /** @type {{ step: number, at: number }[]} */
  #steps = []

  constructor() {
    for (const kind of ['click', 'pointerup', 'keydown', 'input']) {
      addEventListener(kind, (event) => kind === this.#kind && (this.#began ??= event.timeStamp), { capture: true, passive: true })
    }
  }

  /** The next input of this kind starts the watch. @param {string} kind */
  arm(kind) {
    this.#kind = kind
    this.#began = null
  }

  /**
   * @param {() => unknown} isShown
   * @returns {Promise<number>} milliseconds from the input
   */
  async answer(isShown) {
    const shown = await this.#shown(() => this.#began !== null && isShown())
    return shown - (this.#began ?? Number.NaN)
  }

  /**
   * @param {() => unknown} isShown
   * @returns {Promise<number>} milliseconds since the epoch
   */
  async moment(isShown) {
    return performance.timeOrigin + (await this.#shown(isShown))
  }

  /** Notes when each step of a chart is on the screen: the greatest value that it tells of itself. @param {string} label of the chart */
  follow(label) {
    const read = () => Number(document.querySelector(`[role=slider][aria-label^="${label}"]`)?.getAttribute('aria-valuemax') ?? 0)
    const look = async () => {
      const at = await this.#shown(() => true)
      const step = read()
      if (step !== this.#steps.at(-1)?.step) this.#steps.push({ step, at: performance.timeOrigin + at })
      void look()
    }
    void look()
  }

  get steps() {
    return this.#steps
  }

  /** Whether anything is drawn in the middle of a chart. @param {string} label */
  isDrawn(label) {
    const canvas = document.querySelector(`[role=slider][aria-label^="${label}"] canvas`)
    if (!(canvas instanceof HTMLCanvasElement) || canvas.width === 0) return false
    const pixels = canvas.getContext('2d')?.getImageData(canvas.width >> 1, 0, 1, canvas.height).data
    return pixels?.some((value) => value > 0) ?? false
  }

  /** Moves a map by its keys, once a frame. @param {number} frames @returns {Promise<number[]>} milliseconds from frame to frame */
  async pan(frames) {
    const map = document.querySelector('[role=application]')
    /** @type {number[]} */
    const ends = []
    for (let frame = 0; frame <= frames; frame++) {
      // There and back again, so that as much is in sight as at first.
      const key = frame % 4 < 2 ? 'ArrowLeft' : 'ArrowRight'
      map?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }))
      ends.push(await this.#shown(() => true))
    }
    return ends.slice(1).map((end, i) => end - ends[i])
  }

  /**
   * The end of the first frame in which something holds.
   * @param {() => unknown} holds
   * @returns {Promise<number>}
   */
  #shown(holds) {
    return new Promise((resolve) => {
      const channel = new MessageChannel()
      const frame = () => requestAnimationFrame(() => channel.port2.postMessage(null))
      // A message that was sent within a frame is heard when that frame has been drawn.
      channel.port1.onmessage = () => (holds() ? resolve(performance.now()) : frame())
      frame()
    })
  }
}

Object.assign(globalThis, { stopwatch: new Stopwatch() })
