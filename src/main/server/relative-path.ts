/** Paths that a browser names: below a folder, and nowhere else on any system. */
import { LabError } from '../../shared/errors.ts'

const longestName = 255
const deepest = 32
/** Names that Windows keeps for devices. */
const devices = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i

/**
 * @param segments of the path as it came, still encoded
 * @throws LabError `bad-input` for what could lead elsewhere
 */
export function relativePath(segments: readonly string[]): string[] {
  if (segments.length === 0 || segments.length > deepest) throw refused(segments.join('/'), `it has ${segments.length} parts`)
  return segments.map((segment) => {
    const name = decode(segment)
    const why = fault(name)
    if (why !== null) throw refused(name, why)
    return name
  })
}

function fault(name: string): string | null {
  if (name === '' || name === '.' || name === '..') return 'a part of it is no name'
  if (/[/\\:]/.test(name)) return 'a part of it holds a separator'

  if (/[\0-\x1f]/.test(name)) return 'it holds a control character'
  if (Buffer.byteLength(name) > longestName) return 'a part of it is too long'
  if (devices.test(name) || /[. ]$/.test(name)) return 'not every system can hold a file of that name'
  return null
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw refused(segment, 'it cannot be read')
  }
}

function refused(name: string, why: string): LabError {
  return new LabError(
    'bad-input',
    `${JSON.stringify(name.slice(0, 200))} cannot be the path of a file: ${why}.`,
    'Rename it and drop it again.',
  )
}
