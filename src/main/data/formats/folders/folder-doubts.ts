/** What to ask about images in folders: which of several folders are classes or parts, and what images called like others are. */
import type { Doubt, ImportOptions } from '../../../../shared/import-options.ts'
import { plural } from '../../../../shared/wording.ts'
import { accepting } from '../../doubts.ts'
import { partsDoubt } from '../../parts.ts'
import { saidOfPath, splitOfFile, splitOfFolder } from '../../split-names.ts'
import { shown } from '../../tree/names.ts'
import type { FiledFolders } from './class-folders.ts'

/** Of more outer folders, each is not offered as the one for test. */
const mostParts = 8

/** Ends of names by which tools call what belongs to an image: masks, thumbnails, depths, and changed copies of it. */
const marks =
  /[-_ .](mask|masks|gt|seg|segmentation|label|labels|annotation|thumb|thumbnail|small|preview|depth|edges?|overlay|sinstance|instance|prob|aug(mented)?|[hv]?flip(ped)?|mirror(ed)?|rot(ated?)?|blur(red)?|noisy?|bright(er)?|dark(er)?)[-_]?\d*$/i
/** Folders of them, and those of images beside which they lie: files in both are called the same. */
const maskFolders =
  /^(.+[-_ ])?(masks?|ground[-_ ]?truths?|gt|seg(mentations?|mented)?|annotations?|thumb(nail)?s?|depths?|edges?|overlays?)$/i
const imageNames = /^(.+[-_ ])?(images?|imgs?|jpe?gimages|photos?|pictures?|rgb|colou?r|raw|originals?|inputs?|frames?|data)$/i
const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** From such a share of the images on, marks are no accident. */
const leastPaired = 0.1

export function folderDoubts({ filed, unknown, levels }: FiledFolders, { classFolder }: ImportOptions): Doubt[] {
  return [
    ...partClassDoubt(filed),
    ...(unknown.length === 0 ? [] : [partsDoubt(unknown, 'folders', true)]),
    ...(levels === null || classFolder !== undefined ? [] : [levelDoubt(levels)]),
  ]
}

/** Classes that are called like a part for validation or test: images that a competition asks about lie so beside the classes. `train` is also a vehicle. */
function partClassDoubt(filed: FiledFolders['filed']): Doubt[] {
  const names = new Set(filed.flatMap(({ className }) => className ?? []))
  const parts = [...names].filter((name) => (splitOfFolder(name) ?? 'train') !== 'train')
  if (parts.length === 0 || parts.length === names.size || filed.some(({ split }) => split !== 'train')) return []
  const [some, they] = parts.length === 1 ? ['The folder', 'It is a class'] : ['The folders', 'They are classes']
  return [
    {
      code: 'parts-unknown',
      message: `${some} ${parts.map(shown).join(', ')} lie${parts.length === 1 ? 's' : ''} beside those of other classes, and ${parts.length === 1 ? 'is' : 'are'} called like a part: the images there may be for test, and of classes that nothing says.`,
      choices: [
        ...(names.size - parts.length < 2 ? [] : [{ words: 'Leave them out.', options: { leaveOut: parts.map((name) => `${name}/`) } }]),
        accepting('parts-unknown', `${they} like the others.`),
      ],
    },
  ]
}

function levelDoubt({ outer, inner }: NonNullable<FiledFolders['levels']>): Doubt {
  const outerNames = new Set(outer)
  const innerNames = new Set(inner)
  const within = new Map<string, Set<string>>([...outerNames].map((name) => [name, new Set<string>()]))
  outer.forEach((name, i) => within.get(name)!.add(inner[i]))
  // Classes that are called the same below several folders: these may be parts.
  const again = [...innerNames].filter((name) => [...within.values()].filter((names) => names.has(name)).length > 1)
  const parts = again.length > 1 && outerNames.size <= mostParts ? [...outerNames] : []
  return {
    code: 'class-level',
    message: `Folders lie within folders: the classes may be the outer ones (${listed(outerNames)}) or the inner ones (${listed(innerNames)}).`,
    choices: [
      { words: `The outer ones: ${listed(outerNames)}.`, options: { classFolder: 'outer' } },
      { words: `The inner ones: ${listed(innerNames)}.`, options: { classFolder: 'inner' } },
      ...parts.map((test) => ({
        words: `The inner ones are the classes, and ${shown(test)} is for test.`,
        options: { parts: Object.fromEntries(parts.map((name) => [name, name === test ? ('test' as const) : ('train' as const)])) },
      })),
    ],
  }
}

/** The same, before the name: `thumb_12` beside `12`. */
const marksBefore = /(?<=^|\/)(mask|masks|gt|seg|thumb|thumbnail|small|preview|depth|overlay)[-_ .](?=[^/]+$)/i

/** @param names paths of all images */
export function pairedDoubt(names: readonly string[]): Doubt[] {
  const stems = names.map(stemOf)
  const all = new Set(stems)
  const folders = maskDoubt(names, stems)
  if (folders.length > 0) return folders
  const twice = endingsDoubt(names, stems.length - all.size)
  if (twice.length > 0) return twice
  const ends = new Map<string, { count: number; example: string }>()
  for (const stem of stems) {
    const end = marks.exec(stem)
    const front = marksBefore.exec(stem)
    const behind = end !== null && all.has(stem.slice(0, end.index))
    if (!behind && (front === null || !all.has(stem.replace(marksBefore, '')))) continue
    const mark = behind ? end[0].replace(/\d+$/, '') : front![0]
    const before = ends.get(mark)
    ends.set(mark, { count: (before?.count ?? 0) + 1, example: before?.example ?? stem })
  }
  const count = [...ends.values()].reduce((sum, one) => sum + one.count, 0)
  if (count < leastPaired * names.length) return []
  const [{ example }] = ends.values()
  const marksFound = [...ends.keys()]
  return [
    {
      code: 'paired-images',
      message: `${count} of ${plural(names.length, 'image')} are called like another with ${marksFound.map((mark) => `"${shown(mark)}"`).join(', ')} ${marksFound.every((mark) => /[a-z]$/i.test(mark)) ? 'behind' : 'added'} (${shown(example)}): they may be masks, thumbnails or changed copies of them.`,
      choices: [
        { words: 'Leave them out.', options: { leaveOut: marksFound } },
        accepting('paired-images', 'They are images like the others.'),
      ],
    },
  ]
}

/** Roboflow puts a code behind the name of each copy that it makes of an image. */
const copyCode = /\.rf\.[0-9a-z]{16,}$/i

/** Changed copies of the same images, which a cut would bring to both sides. @param names paths of images of which nothing says the part */
export function copiesDoubt(names: readonly string[]): Doubt[] {
  const copies = Map.groupBy(
    names.filter((name) => copyCode.test(stemOf(name))),
    (name) => stemOf(name).replace(copyCode, ''),
  )
  const again = [...copies.values()].reduce((sum, own) => sum + own.length - 1, 0)
  if (again === 0 || again < leastPaired * names.length) return []
  const [first] = [...copies.values()].filter(({ length }) => length > 1)
  return [
    {
      code: 'paired-images',
      message: `By their names ${again} of ${plural(names.length, 'image')} are changed copies of another (${shown(first[0])} and ${shown(first[1])}), and nothing says parts: of a cut, copies of one image may lie on both sides.`,
      choices: [accepting('paired-images', 'They are images like the others; else give them with their parts (train, valid, test).')],
    },
  ]
}

/** Folders called like masks beside one of images or of a part, most of whose files are called like some there. */
function maskDoubt(names: readonly string[], stems: readonly string[]): Doubt[] {
  const chains = stems.map((stem) => stem.split('/').slice(0, -1))
  const before = (chain: readonly string[], at: number) => chain.slice(0, at).join('/')
  const ofImages = (folder: string) => imageNames.test(folder) || splitOfFolder(folder) !== null
  const beside = new Set(chains.flatMap((chain) => chain.flatMap((folder, at) => (ofImages(folder) ? [before(chain, at)] : []))))
  const folders = chains.map((chain) => chain.find((folder, at) => at > 0 && maskFolders.test(folder) && beside.has(before(chain, at))))
  const others = new Set(stems.filter((_, i) => folders[i] === undefined).map(nameOf))
  const found = Map.groupBy(
    [...folders.keys()].filter((i) => folders[i] !== undefined),
    (i) => folders[i]!,
  )
  const again = (i: number) => others.has(nameOf(stems[i])) || others.has(nameOf(stems[i]).replace(marks, ''))
  const masks = [...found].filter(([, own]) => 2 * own.filter(again).length > own.length)
  const all = masks.flatMap(([, own]) => own)
  if (masks.length === 0 || all.length < leastPaired * names.length) return []
  const leaveOut = masks.map(([folder]) => `${folder}/`)
  return [
    {
      code: 'paired-images',
      message: `${all.length} of ${plural(names.length, 'image')} lie in ${leaveOut.map(shown).join(', ')} and are called like others (${names[all[0]]}): they may be masks of them, or made of them.`,
      choices: [{ words: 'Leave them out.', options: { leaveOut } }, accepting('paired-images', 'They are images like the others.')],
    },
  ]
}

/** Images that are called the same but for their ending: copies in another format, or masks. @param again how many */
function endingsDoubt(names: readonly string[], again: number): Doubt[] {
  if (again < leastPaired * names.length) return []
  const endings = new Map<string, string[]>()
  for (const name of names) endings.set(stemOf(name), [...(endings.get(stemOf(name)) ?? []), name.slice(stemOf(name).length)])
  const pairs = [...endings].filter(([, own]) => own.length > 1)
  const kinds = [...new Set(pairs.flatMap(([, own]) => own))]
  // Those of which none is alone can be left out.
  const spare = kinds.filter((kind) => [...endings.values()].every((own) => !own.includes(kind) || own.length > 1))
  return [
    {
      code: 'paired-images',
      message: `${again} of ${plural(names.length, 'image')} are called like another but for the ending (${shown(pairs[0][0])}: ${pairs[0][1].join(', ')}): they may be the same in another format, or masks.`,
      choices: [
        ...(kinds.length === 2 ? spare : []).map((kind) => ({
          words: `Leave those out that end in ${kind}.`,
          options: { leaveOut: [kind] },
        })),
        accepting('paired-images', 'They are images like the others.'),
      ],
    },
  ]
}

/** Whether the name of an image ends as one of those that are left out, or it lies in one of these folders (`masks/`). */
export function isLeftOut(path: string, { leaveOut = [] }: ImportOptions): boolean {
  if (leaveOut.length === 0) return false
  const stem = stemOf(path).replace(/\d+$/, '')
  const name = nameOf(path)
  return leaveOut.some((end) => {
    if (end.endsWith('/')) return `/${path}`.includes(`/${end}`)
    if (/^\.\w+$/.test(end)) return name.endsWith(end) || stem.endsWith(end)
    return stem.endsWith(end) || stemOf(path).endsWith(end) || (/[-_ .]$/.test(end) && name.startsWith(end))
  })
}

function stemOf(path: string): string {
  return path.replace(/\.[^./]*$/, '')
}

function listed(names: ReadonlySet<string>): string {
  const all = [...names].sort()
  return all.length > 6 ? `${all.slice(0, 5).map(shown).join(', ')} and ${all.length - 5} more` : all.map(shown).join(', ')
}

/** A word, then a number: `cat.12`, `Abyssinian_100`; a number, then a word: `0012_cat`; the number of a class, then one: `7_0012`. */
const namings = [/^(.*?[^\W\d_].*?)[-_. ]*\(?\d+\)?$/u, /^\d+[-_. ]+(\D*[^\W\d_]\D*)$/u, /^(\d{1,3})[-_]\d+$/]
/** Fewer of a name are no class. */
const leastOfName = 2
/** Classes that names may say. */
const mostNames = 256

/** The class that each name of an image may say, where no folder does, null for those of a part that are mere numbers; null: they do not. */
export function classesByName(paths: readonly string[]): (string | null)[] | null {
  const stems = paths.map((path) => stemOf(nameOf(path)))
  // What a competition asks about is numbered.
  const bare = stems.map((stem, i) => /^\d+$/.test(stem) && (saidOfPath(paths[i]) ?? 'train') !== 'train')
  for (const naming of namings) {
    const found = stems.map((stem, i) => (bare[i] ? null : (naming.exec(stem)?.[1] ?? '')))
    const counts = new Map<string, number>()
    for (const word of found) if (word !== null) counts.set(word, (counts.get(word) ?? 0) + 1)
    const few = [...counts.values()].some((count) => count < leastOfName)
    if (counts.has('') || few || counts.size < 2 || counts.size > mostNames) continue
    if (![...counts.keys()].every((word) => splitOfFile(word) !== null)) return found
  }
  return null
}
