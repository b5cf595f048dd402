/** Files that are no data set here, but can be told: what they are, and the way out. */
import { LabError } from '../../shared/errors.ts'
import type { Action } from '../../shared/help.ts'
import type { TreeFile } from './tree/tree-file.ts'

interface Kind {
  /** `it is ...` */
  words: string
  remedy: string
  /** What can be done with it all the same. */
  action?: Action
  is: (head: Uint8Array, file: TreeFile) => boolean
}

const begins =
  (...magic: readonly number[]) =>
  (head: Uint8Array): boolean =>
    magic.every((byte, i) => head[i] === byte)

const beginsWith =
  (text: string) =>
  (head: Uint8Array): boolean =>
    Buffer.from(head.subarray(0, text.length)).toString('latin1') === text

const ends =
  (...endings: readonly string[]) =>
  (_head: Uint8Array, file: TreeFile): boolean =>
    endings.includes(file.ending)

const packed = 'Unpack it yourself and give the folder, or pack it again as .zip or .tar.gz.'
const toNpz = (lines: string): string => `Turn it into an .npz first, in Python: ${lines}`

/** Kinds of pictures that are not read, how they become PNG, and the endings of their names. */
const pictures: readonly [kind: string, how: string, endings: readonly string[]][] = [
  ['HEIC or AVIF', 'mogrify -format png *.heic, with ImageMagick', ['.heic', '.heif', '.avif']],
  ['DICOM', 'from pydicom import dcmread; a = dcmread("a.dcm").pixel_array; and write it as PNG of 16 bits, in Python', ['.dcm', '.dicom']],
  ['NIfTI, a volume', 'nibabel.load("a.nii.gz").get_fdata(), and write its slices as PNG, in Python', ['.nii']],
  [
    'JPEG 2000, JPEG XL, SVG, EXR, TGA or a raw photograph',
    'ImageMagick: magick a.jp2 a.png',
    ['.jp2', '.j2k', '.jxl', '.svg', '.exr', '.tga', '.psd', '.cr2', '.nef', '.dng', '.arw'],
  ],
  ['PBM', 'mogrify -format png *.pbm, with ImageMagick', ['.pbm']],
]
export const otherPictures: ReadonlySet<string> = new Set(pictures.flatMap(([, , endings]) => endings))

const kinds: readonly Kind[] = [
  ...(
    [
      ['bzip2', [0x42, 0x5a, 0x68]],
      ['xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a]],
      ['zstd', [0x28, 0xb5, 0x2f, 0xfd]],
      ['7-Zip', [0x37, 0x7a, 0xbc, 0xaf]],
      ['RAR', [0x52, 0x61, 0x72, 0x21]],
    ] as const
  ).map(([name, magic]) => ({ words: `packed by ${name}, which is not opened here`, remedy: packed, is: begins(...magic) })),
  {
    words: 'a MATLAB file of version 7.3, which is HDF5 inside; neither is read here',
    remedy:
      'Save it again, in MATLAB: save("set.mat", "X", "y", "-v7"); or turn it into an .npz, in Python: import h5py, numpy as np; f = h5py.File("set.mat"); np.savez("set.npz", images=np.moveaxis(np.array(f["X"]).T, -1, 0), labels=np.array(f["y"]).ravel()).',
    is: beginsWith('MATLAB 7.3 MAT-file'),
  },
  {
    words: 'no MATLAB file of version 5 to 7.2; others are not read here',
    remedy: 'Save it again, in MATLAB: save("set.mat", "X", "y", "-v7"); or with scipy.io.savemat.',
    is: ends('.mat'),
  },
  {
    words: 'an HDF5 file, which is not read here',
    remedy: toNpz('import h5py, numpy as np; f = h5py.File("set.h5"); np.savez("set.npz", images=f["images"][:], labels=f["labels"][:])'),
    is: (head, file) => begins(0x89, 0x48, 0x44, 0x46)(head) || ends('.h5', '.hdf5')(head, file),
  },
  {
    words: 'a pickled Python object, or a model of PyTorch: these could run anything, and are never read',
    remedy: 'Save plain arrays of numbers from Python: np.savez("set.npz", images=..., labels=...).',
    is: ends('.pkl', '.pickle', '.pt', '.pth', '.joblib'),
  },
  {
    words: 'a file of network weights: it holds no images',
    remedy: 'To sample, map or compare networks that were trained elsewhere, import them as networks',
    action: 'import-networks',
    is: ends('.safetensors', '.onnx', '.ckpt', '.keras'),
  },
  {
    words: "a file of TensorFlow's records, which is not read here",
    remedy: 'Save its images and labels from Python: np.savez("set.npz", images=..., labels=...).',
    is: ends('.tfrecord', '.tfrecords'),
  },
  {
    words: 'a database of LMDB, which is not read here',
    remedy:
      'Save its images and labels from Python, as whatever wrote them says how each is packed: np.savez("set.npz", images=..., labels=...).',
    is: (_head, { name }) => /^(data|lock)\.mdb$/i.test(name),
  },
  {
    words: 'an Arrow file, which is not read here',
    remedy: 'Save it as parquet, in Python: datasets.load_from_disk("folder").to_parquet("set.parquet").',
    is: (head, file) => beginsWith('ARROW1')(head) || ends('.arrow', '.feather')(head, file),
  },
  {
    words: 'a spreadsheet, which is not read here',
    remedy: 'Save it as CSV (in UTF-8), with one image a row.',
    is: ends('.xlsx', '.xls', '.ods'),
  },
  {
    words: "a file of Weka's (ARFF), which is not read here",
    remedy: 'Save it as CSV, with one image a row and the labels in a column of their own.',
    is: ends('.arff'),
  },
  {
    words: 'a file of LibSVM (SVMlight), with the number of each column before its value, which is not read here',
    remedy: toNpz(
      'from sklearn.datasets import load_svmlight_file; import numpy as np; X, y = load_svmlight_file("set.txt"); np.savez("set.npz", images=X.toarray(), labels=y.astype(int))',
    ),
    is: (head) => /^[-+\d.]+([ \t]+\d+:[-+\d.e]+){2}/i.test(Buffer.from(head).toString('latin1')),
  },
  {
    words: 'a piece of an archive that was cut into several',
    remedy: 'Put the pieces together first: cat set.zip.* > set.zip, or unpack the first with 7-Zip.',
    is: (_head, { name }) => /\.(zip|tar|gz|tgz|7z|rar)\.(\d{2,3}|part\d+|[a-z]{2})$|\.z\d\d$|\.part\d+\.rar$/i.test(name),
  },
  {
    words: 'a download that has not ended',
    remedy: 'Fetch it again, to its end.',
    is: ends('.part', '.partial', '.crdownload', '.download', '.opdownload'),
  },
  {
    words: "Orange's own table, which has three lines of names; it is not read here",
    remedy: 'Save it as CSV with one line of names.',
    is: ends('.tab'),
  },
  {
    words: 'a drawing of Quick, Draw! as strokes, which is no picture',
    remedy: 'Fetch the drawings as arrays instead (numpy_bitmap/cat.npy), and give the files of several classes in one folder.',
    is: (head, { ending, name }) =>
      (ending === '.ndjson' && Buffer.from(head).toString('latin1').includes('"word"')) ||
      (ending === '.bin' && name.startsWith('full_binary')),
  },
  ...pictures.map(([kind, how, endings]) => ({
    words: `an image of a kind that is not read here (${kind})`,
    remedy: `Turn the images into PNG, in the same folders: ${how}.`,
    is: ends(...endings),
  })),
  {
    words: 'JSON, which is not read by itself',
    remedy:
      'Give the images it speaks of beside it, or in one folder a class; where it holds the pixels themselves, save it as CSV with one image a row.',
    is: ends('.json', '.jsonl', '.ndjson'),
  },
]

/** What a file is that nobody reads here; null: nothing that is known. */
export async function knownOtherwise(file: TreeFile): Promise<LabError | null> {
  const head = await file.head(512)
  const found = file.size === 0 ? undefined : kinds.find(({ is }) => is(head, file))
  if (found === undefined) return null
  const { words, remedy, action } = found
  return new LabError('bad-input', `${file.path} is ${words}.`, remedy, action === undefined ? {} : { action, path: file.path })
}
