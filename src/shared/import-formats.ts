/** What can be imported, in words: for help, for a drop zone, and for errors. */
export const importFormats = {
  'image-folders': 'folders of PNG, JPEG, WebP, TIFF, GIF, BMP, PGM or PPM images, one folder a class',
  idx: 'IDX files as MNIST has them (plain or .gz): images and labels, for training and test or one pair',
  npz: 'arrays of images and labels as NPZ, NPY or MATLAB .mat files to version 7.2 (x_train, y_train, x_test, y_test; or X and y)',
  table: 'CSV or TSV tables (plain or .gz), one image a row: its pixels, and a column of labels',
  parquet: 'parquet files with a column of images, of lists of pixels, or one a pixel, and one of labels',
  cifar: 'CIFAR-10 and CIFAR-100, the binary and the Python version',
  sprites: 'sprite sheets: pictures with an image in each row of pixels, beside a JSON list of their labels',
} as const

export type ImportFormat = keyof typeof importFormats

/** Any of them may also come so. */
export const packedFormats = 'Any of these may be packed into a .zip, .tar, .tar.gz or .tgz.'
