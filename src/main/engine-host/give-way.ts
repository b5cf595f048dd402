/** What computes gives way to what a person waits for: window, lab and browser come first, training has all that they leave. */
import { constants, getPriority, setPriority } from 'node:os'

const { PRIORITY_BELOW_NORMAL: below } = constants.priority

/**
 * Lowers this process below the others of the machine. To be called before TensorFlow is loaded: on Linux
 * a priority is a thread's own, and those that are made later have it from the one that made them.
 */
export function giveWay(): void {
  try {
    // Whoever started the lab with less priority still meant it.
    if (getPriority() < below) setPriority(below)
  } catch {
    // A system that refuses costs the window some quickness, and the job nothing.
  }
}
