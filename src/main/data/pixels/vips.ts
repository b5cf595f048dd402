/** sharp, with only those of its loaders that are meant to be used on files from outside. */
import sharp from 'sharp'

sharp.cache(false)
// Images are worked on side by side; each by itself is too small to share.
sharp.concurrency(1)
sharp.block({ operation: ['VipsForeignLoad'] })
sharp.unblock({
  operation: [
    'VipsForeignLoadJpegBuffer',
    'VipsForeignLoadPngBuffer',
    'VipsForeignLoadWebpBuffer',
    'VipsForeignLoadTiffBuffer',
    'VipsForeignLoadNsgifBuffer',
  ],
})

export const vips = sharp
