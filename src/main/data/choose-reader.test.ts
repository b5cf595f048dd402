import { expect, test } from 'vitest'
import { importFolder, previewFolder } from './testing/imports.ts'
import { classFolders } from './testing/pictures.ts'
import type { Sample } from './testing/samples.ts'

/** A list of images with what was measured on each: far more bytes than the images. */
function companion(name: string): Sample {
  const rows = Array.from({ length: 3000 }, (_, i) => `${i % 3},${[1, 2, 3, 4].map((k) => (i * k) % 256).join(',')}`)
  return { name, bytes: Buffer.from(['label,a,b,c,d', ...rows].join('\n')) }
}

test('class folders of images win over a larger table beside them, which is named', async () => {
  const files = [...(await classFolders(10)), companion('measured.csv')]
  const preview = await previewFolder(files)
  expect(preview).toMatchObject({ format: 'image-folders', count: 30 })
  const note = '1 file of other kinds was not used (set/measured.csv).'
  expect(preview.notes).toContain(note)
  expect((await importFolder(files)).source).toMatchObject({ format: 'image-folders', leftAside: note })
})

test('a few illustrations in folders do not win over a table', async () => {
  const pictures = (await classFolders(2)).slice(0, 4)
  const set = await importFolder([...pictures, companion('digits.csv'), { name: 'names.csv', bytes: Buffer.from('0\n1\n2\n') }])
  expect(set).toMatchObject({ count: 3000, source: { format: 'table' } })
  expect(set.source.leftAside).toMatch(/4 files of other kinds were not used .*set\/names\.csv has one column: it was not used\./)
})
