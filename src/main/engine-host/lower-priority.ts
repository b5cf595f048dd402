/**
 * Beside a window, what computes comes after what a person waits for: window, lab and browser are first,
 * training has all that they leave. Without one (a command, a cluster's job) it takes its share like any other.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { constants, getPriority, setPriority } from 'node:os'

const { PRIORITY_BELOW_NORMAL: below } = constants.priority
/** Milliseconds: the kernel takes one such wish in a tenth of a second, over all processes. */
const pause = 130
const tries = 20

/** In the environment of a process that is to come after others. */
export const lowPriority = { WEIGHTSCAPE_LOW_PRIORITY: '1' }

/**
 * Lowers this process below the others of the machine, where its environment says so. To be called before TensorFlow is loaded: on Linux
 * a priority is a thread's own, and those that are made later have it from the one that made them.
 */
export function lowerPriority(): void {
  if (process.env['WEIGHTSCAPE_LOW_PRIORITY'] !== lowPriority.WEIGHTSCAPE_LOW_PRIORITY) return
  try {
    // Whoever started the lab with less priority still meant it.
    if (getPriority() < below) setPriority(below)
    if (process.platform === 'linux' && leadsSession()) lowerSession(getPriority(), tries)
  } catch {
    // A system that refuses costs the window some quickness, and the job nothing.
  }
}

/**
 * Desktops share processors out by session first (autogroups), and priorities count within one alone.
 * Engine processes lead sessions of their own, but in the app, which is one session with them.
 */
function lowerSession(priority: number, left: number): void {
  try {
    writeFileSync('/proc/self/autogroup', String(priority))
  } catch (error) {
    const isTooOften = (error as NodeJS.ErrnoException).code === 'EAGAIN'
    if (isTooOften && left > 0) setTimeout(() => lowerSession(priority, left - 1), pause * (1 + Math.random())).unref()
  }
}

function leadsSession(): boolean {
  const stat = readFileSync('/proc/self/stat', 'utf8')
  // After the name, which may hold anything: state, parent, group, session.
  const [, , , session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return Number(session) === process.pid
}
