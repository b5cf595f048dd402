import { expect, test } from 'vitest'
import { fileByFolders } from './class-folders.ts'

/** What is made of paths of folders: `part class`, `-` where no class is said. */
function filed(...paths: readonly string[]): string[] {
  return fileByFolders(paths.map((path) => path.split('/'))).filed.map(({ split, className }) => `${split} ${className ?? '-'}`)
}

test.each<[string, string[], string[]]>([
  ['classes', ['set/cat', 'set/dog'], ['train cat', 'train dog']],
  ['classes, named one by one', ['cat', 'dog'], ['train cat', 'train dog']],
  ['folders of a class', ['set/cat/a', 'set/cat/b', 'set/dog/a'], ['train cat', 'train cat', 'train dog']],
  ['classes below parts', ['set/train/cat', 'set/val/cat', 'set/test/dog'], ['train cat', 'validation cat', 'test dog']],
  ['parts below classes', ['set/cat/train', 'set/cat/test', 'set/dog/train'], ['train cat', 'test cat', 'train dog']],
  [
    "a competition's doubled folders, with images of no class",
    ['intel/seg_train/seg_train/sea', 'intel/seg_train/seg_train/ice', 'intel/seg_test/seg_test/sea', 'intel/seg_pred/seg_pred'],
    ['train sea', 'train ice', 'test sea', 'train -'],
  ],
  [
    'a data set that lies within itself once more',
    ['x/x/train/sick', 'x/x/train/well', 'x/x/x/train/sick', 'x/x/x/test/well'],
    ['train sick', 'train well', 'train sick', 'test well'],
  ],
  ['a class that is called like a part', ['set/bus', 'set/car', 'set/train'], ['train bus', 'train car', 'train train']],
  [
    'the same below parts',
    ['set/train/bus', 'set/train/train', 'set/val/bus', 'set/val/train'],
    ['train bus', 'train train', 'validation bus', 'validation train'],
  ],
  ['test images without classes', ['pets/train/cat', 'pets/train/dog', 'pets/test1'], ['train cat', 'train dog', 'test -']],
  ['years', ['coco/train2017/a', 'coco/train2017/b', 'coco/val2017/a'], ['train a', 'train b', 'validation a']],
  ['a test set beside the classes', ['set/cat', 'set/dog', 'set/test/cat'], ['train cat', 'train dog', 'test cat']],
  ['more of the same classes', ['set/train/a', 'set/train/b', 'set/extra/a', 'set/extra/b'], ['train a', 'train b', 'train a', 'train b']],
  ['something else beside', ['set/train/a', 'set/train/b', 'set/plots/x', 'set/plots/y'], ['train a', 'train b', 'train -', 'train -']],
  [
    'one folder between part and classes',
    ['set/train/images/a', 'set/train/images/b', 'set/test/images/a'],
    ['train a', 'train b', 'test a'],
  ],
  ['one folder alone', ['set/only', 'set/only'], ['train -', 'train -']],
])('%s', (_what, paths, wanted) => {
  expect(filed(...paths)).toEqual(wanted)
})
