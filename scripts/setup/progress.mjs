/** Progress of a long step: one line rewritten on a terminal, a few lines elsewhere. */

/** Between lines where there is no terminal, in milliseconds. */
const QUIET = 10_000

/**
 * @typedef {object} Progress
 * @property {(done: number) => void} update
 * @property {() => void} end
 */

/**
 * @param {(line: string) => void} say
 * @param {string} label
 * @param {number} total
 * @param {(value: number) => string} show how an amount is written
 * @param {NodeJS.WriteStream} [stream]
 * @returns {Progress}
 */
export function createProgress(say, label, total, show, stream = process.stderr) {
  const start = Date.now()
  let last = start
  let drawn = false
  /** @param {number} done */
  const text = (done) =>
    `  ${label}: ${show(Math.min(done, total))} of ${show(total)} (${Math.floor((100 * Math.min(done, total)) / total)} %)`
  return {
    update(done) {
      const now = Date.now()
      if (stream.isTTY) {
        stream.write(`\r${text(done)}\x1b[K`)
        drawn = true
      } else if (now - last >= QUIET) {
        last = now
        say(text(done))
      }
    },
    end() {
      if (drawn) stream.write('\r\x1b[K')
      say(`  ${label}: done in ${((Date.now() - start) / 1000).toFixed(1)} s`)
    },
  }
}

/** @param {number} bytes */
export function megabytes(bytes) {
  return `${Math.round(bytes / 1e6)} MB`
}
