/** Unpacks gzip without trusting it: what comes out is capped beforehand. */
import { constants, gunzipSync } from 'node:zlib'
import { LabError } from '../../shared/errors.ts'

/** Whether bytes begin as gzip does. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes.length >= 2 && bytes[0] === 0x1f && bytes[1] === 0x8b
}

/**
 * The first bytes a gzip file unpacks to, from its own first bytes; as many as can be had.
 * @throws LabError `bad-input`
 */
export function peekGzip(bytes: Uint8Array, name: string): Uint8Array {
  // 4 KiB unpack to 4 MiB at most.
  return unpack(bytes.subarray(0, 4096), name, { finishFlush: constants.Z_SYNC_FLUSH })
}

/**
 * Unpacks all of it.
 * @param expected bytes it should unpack to
 * @throws LabError `bad-input` when it is damaged, or unpacks to more
 */
export function gunzip(bytes: Uint8Array, name: string, expected: number): Uint8Array {
  return unpack(bytes, name, { maxOutputLength: Math.max(1, expected) }, expected)
}

function unpack(
  bytes: Uint8Array,
  name: string,
  options: { finishFlush?: number; maxOutputLength?: number },
  expected = Infinity,
): Uint8Array {
  try {
    return gunzipSync(bytes, options)
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : ''
    if (code === 'ERR_BUFFER_TOO_LARGE') {
      throw new LabError(
        'bad-input',
        `${name}: unpacks to more than the ${expected} bytes that its header declares.`,
        'Fetch the file again from where it came.',
        { cause: error },
      )
    }
    const said = error instanceof Error ? error.message : String(error)
    throw new LabError(
      'bad-input',
      `${name}: the gzip data is damaged or ends too early (${said}).`,
      'Fetch the file again from where it came.',
      { cause: error },
    )
  }
}
