/** How much a file from outside may ask of this machine. */

/** Largest file that is read, and largest that one may unpack to, bytes. */
export const maxBytes = 2 ** 31

/** DEFLATE cannot shrink anything further than this. */
export const maxDeflateRatio = 1032
