import { expect, it } from 'vitest'
import { filesOf } from './dropped-files.ts'

/** A folder that hands out its entries by hundreds, as browsers do. */
function folderOf(entries: readonly object[]): object {
  const createReader = () => {
    const left = [...entries]
    return { readEntries: (tell: (some: object[]) => void) => tell(left.splice(0, 100)) }
  }
  return { isFile: false, createReader }
}
const fileOf = (path: string): object => ({
  isFile: true,
  fullPath: `/${path}`,
  file: (tell: (file: File) => void) => tell(new File([path], path.split('/').at(-1)!)),
})
const dropOf = (...entries: object[]) => ({ items: entries.map((entry) => ({ webkitGetAsEntry: () => entry })) }) as unknown as DataTransfer

it.each([0, 1, 99, 100, 101, 250])('of a dropped folder with %i files all come, with their paths', async (count) => {
  const paths = Array.from({ length: count }, (_, i) => `set/cat/${i}.png`)
  const set = folderOf([folderOf(paths.map(fileOf)), fileOf('set/notes.txt')])
  const found = await filesOf(dropOf(set, fileOf('one.csv')), 'browser')
  expect(found.map(({ path }) => path)).toEqual([...paths, 'set/notes.txt', 'one.csv'])
  expect(await Promise.all(found.map(({ file }) => file.text()))).toEqual(found.map(({ path }) => path))
})
