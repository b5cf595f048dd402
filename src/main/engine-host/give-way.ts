/**
 * Beside a window, what computes gives way to what a person waits for: window, lab and browser come first,
 * training has all that they leave. Without one (a command, a cluster's job) it takes its share like any other.
 */
import { constants, getPriority, setPriority } from 'node:os'

const { PRIORITY_BELOW_NORMAL: below } = constants.priority

/** In the environment of a process that is to give way. */
export const givesWay = { WEIGHTSCAPE_GIVES_WAY: '1' }

/**
 * Lowers this process below the others of the machine, where its environment says so. To be called before TensorFlow is loaded: on Linux
 * a priority is a thread's own, and those that are made later have it from the one that made them.
 */
export function giveWay(): void {
  if (process.env['WEIGHTSCAPE_GIVES_WAY'] !== givesWay.WEIGHTSCAPE_GIVES_WAY) return
  try {
    // Whoever started the lab with less priority still meant it.
    if (getPriority() < below) setPriority(below)
  } catch {
    // A system that refuses costs the window some quickness, and the job nothing.
  }
}
