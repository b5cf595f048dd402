/**
 * Records that name images and classes, in JSON as tools write it: lines or a list of records, a record or a class for each name, a
 * list for each class or part, a list for each column, names of classes with a number for each image (FiftyOne, Datumaro), tasks with
 * choices (Label Studio), images and their categories (COCO).
 */
import type { LabError } from '../../../../shared/errors.ts'
import { parseJson, RepeatedKey } from '../../../../shared/json-text.ts'
import { badInput } from '../../bad-input.ts'
import { isLabelName } from '../table/table-columns.ts'
import { splitOfFolder } from '../../split-names.ts'
import type { TreeFile } from '../../tree/tree-file.ts'

/** Of files that hold JSON: in lines (a manifest of SageMaker's), and in one piece (Edge Impulse's labels). */
const lineEndings: ReadonlySet<string> = new Set(['.jsonl', '.ndjson', '.manifest'])
export const jsonEndings: ReadonlySet<string> = new Set(['.json', '.labels', ...lineEndings])

type Group = Record<string, unknown>
const isGroup = (value: unknown): value is Group => typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * @returns null: it is no JSON, or holds no records; `within`: it tells of things within the images
 * @throws LabError `bad-input` where it says one thing in two ways
 */
export function recordsIn(text: string, { ending, path }: Pick<TreeFile, 'ending' | 'path'>): Group[] | 'within' | null {
  try {
    const lines = () =>
      text
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map((line) => parseJson(line))
    return recordsOf(lineEndings.has(ending) ? lines() : parseJson(text))
  } catch (error) {
    if (error instanceof SyntaxError) return null // no JSON: whatever it is, it names no classes
    if (error instanceof RepeatedKey) throw badInput(path, `${error.message}.`, 'See which of the two is meant, and leave that one.')
    throw error
  }
}

/** One record. @returns null: it is none; `within`: it tells of things within its image */
export function recordIn(text: string): Group | 'within' | null {
  try {
    const value = JSON.parse(text) as unknown
    if (!isGroup(value)) return null
    return Array.isArray(value.annotations) || tellsThings(value) ? 'within' : flat(value)
  } catch {
    return null // no JSON
  }
}

function recordsOf(value: unknown): Group[] | 'within' | null {
  if (Array.isArray(value)) return told(value.filter((one): one is Group => isGroup(one) && !isRejected(one)))
  if (!isGroup(value)) return null
  const { classes, labels, images, annotations, categories, items } = value
  if (Array.isArray(images) && Array.isArray(annotations)) return ofImages(images.filter(isGroup), annotations.filter(isGroup), categories)
  if (Array.isArray(items) && isGroup(categories) && isGroup(categories.label))
    return ofItems(items.filter(isGroup), categories.label.labels)
  if (isGroup(labels)) {
    const named = (label: unknown) => (Array.isArray(classes) && typeof label === 'number' ? (classes[label] as unknown) : label)
    return Object.entries(labels).map(([image, label]) => ({ image, label: named(label) }))
  }
  const own = Object.values(value)
  const within = own.filter((one) => holdsGroups(one))
  if (within.length === 1) return recordsOf(within[0])
  const rows = rowsOfColumns(value)
  if (rows !== null) return rows
  if (own.length > 1 && own.every(Array.isArray)) {
    // Lists of each part, or of each class.
    const said = Object.keys(value).every((name) => splitOfFolder(name) !== null) ? 'split' : 'label'
    const recordOf = (one: unknown): Group =>
      isGroup(one) ? flat(one) : Array.isArray(one) ? Object.fromEntries((one as unknown[]).entries()) : { image: one }
    return Object.entries(value).flatMap(([name, list]) => (list as unknown[]).map((one) => ({ ...recordOf(one), [said]: name })))
  }
  if (own.length > 1 && own.every(isGroup)) return told(Object.entries(value).map(([name, one]) => ({ name, ...(one as Group) })))
  return Object.entries(value).map(([image, label]) => ({ image, label }))
}

/** Whether records are in it, by their number or by their name. */
function holdsGroups(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isGroup)
  return isGroup(value) && Object.keys(value).length > 1 && Object.values(value).every(isGroup)
}

/** Of columns of one length, as pandas writes a table. @returns null: it is none; lists of files are classes or parts */
function rowsOfColumns(value: Group): Group[] | null {
  const columns = Object.entries(value).map(([name, cells]): [string, unknown[]] => [
    name,
    Array.isArray(cells) ? cells : isGroup(cells) ? Object.values(cells) : [],
  ])
  const length = columns[0]?.[1].length ?? 0
  if (columns.length < 2 || length <= columns.length) return null
  if (columns.some(([, cells]) => cells.length !== length || cells.some(isStructure))) return null
  if (columns.every(([, cells]) => cells.every((cell) => typeof cell === 'string' && /\.\w+$/.test(cell)))) return null
  return columns[0][1].map((_, row) => Object.fromEntries(columns.map(([name, cells]) => [name, cells[row]])))
}

/** Prodigy keeps what was not taken beside what was. */
const isRejected = ({ answer }: Group): boolean => answer === 'reject' || answer === 'ignore'

/** What each says of its image. @returns `within`: most tell of things within the images, and none of a class */
function told(all: readonly Group[]): Group[] | 'within' {
  const records = all.map((one) => chosen(one) ?? flat(one))
  const named = records.some((one) => Object.keys(one).some((name) => isLabelName(name.slice(name.lastIndexOf('.') + 1))))
  return !named && 2 * all.filter((one) => tellsThings(one)).length > all.length ? 'within' : records
}

/** Where tools keep boxes and outlines. */
const things = /^(regions|objects|shapes|detections|bbox|boxes|segmentation|polygons?|bounding[-_]?box(es|annotations)?)$/i

function tellsThings(record: Group, depth = 0): boolean {
  return Object.entries(record).some(
    ([name, value]) =>
      (things.test(name) && isStructure(value) && Object.keys(value as object).length > 0) ||
      (depth < deepest && [value].flat().some((one) => isGroup(one) && tellsThings(one, depth + 1))),
  )
}

const isStructure = (value: unknown): boolean => typeof value === 'object' && value !== null

/** Records within records are looked into so deep. */
const deepest = 8

/** A record with what is in its records (`tags.name`), lists of one thing as that, and labels that are structures as FiftyOne keeps them: `{ label: 'cat', confidence: 0.9 }`. */
function flat(record: Group, before = '', depth = 0): Group {
  return Object.fromEntries(
    Object.entries(record).flatMap(([name, value]): [string, unknown][] => {
      if (things.test(name)) return []
      const one = Array.isArray(value) && value.length === 1 ? (value[0] as unknown) : value
      if (!isGroup(one) || depth === deepest) return [[before + name, one]]
      if ('label' in one && !isStructure(one.label)) return [[before + name, one.label]]
      return Object.entries(flat(one, `${before}${name}.`, depth + 1))
    }),
  )
}

/** A task of Label Studio: what was chosen of its image, by whoever looked at it; several choices stand together. @returns null: it is none */
function chosen({ data, annotations }: Group): Group | null {
  if (!isGroup(data) || !Array.isArray(annotations)) return null
  // What somebody skipped is kept beside the others.
  const given = annotations.filter(isGroup).filter(({ was_cancelled: skipped }) => skipped !== true)
  const results = given.flatMap(({ result }) => (Array.isArray(result) ? result.filter(isGroup) : []))
  const choices = results.flatMap(({ value }) => (isGroup(value) && Array.isArray(value.choices) ? (value.choices as unknown[]) : []))
  return { image: Object.values(data).find((one) => typeof one === 'string'), choice: [...new Set(choices)].join(', ') }
}

/** @returns `within`: boxes or outlines */
function ofImages(images: readonly Group[], annotations: readonly Group[], categories: unknown): Group[] | 'within' {
  if (annotations.some(({ bbox, segmentation }) => bbox !== undefined || segmentation !== undefined)) return 'within'
  const names = new Map((Array.isArray(categories) ? categories.filter(isGroup) : []).map(({ id, name }) => [id, name]))
  const labels = new Map<unknown, unknown[]>()
  for (const { image_id: image, category_id: category } of annotations) {
    const own = labels.get(image)
    if (own === undefined) labels.set(image, [names.get(category) ?? category])
    else own.push(names.get(category) ?? category)
  }
  return images.map(({ id, file_name: image }) => ({ image, label: (labels.get(id) ?? []).join(', ') }))
}

/** Datumaro's: a number of a label for each image. @returns `within`: boxes or outlines */
function ofItems(items: readonly Group[], labels: unknown): Group[] | 'within' {
  const names = (Array.isArray(labels) ? labels : []).map((one: unknown) => (isGroup(one) ? one.name : one))
  const records = items.map(({ id, image, annotations }) => {
    const own = Array.isArray(annotations) ? annotations.filter(isGroup) : []
    const classes = own.filter(({ type }) => type === 'label').map(({ label_id: at }) => names[Number(at)])
    return { image: isGroup(image) ? (image.path ?? id) : id, label: classes.join(', '), within: own.length > classes.length }
  })
  return records.some(({ within }) => within) ? 'within' : records.map(({ image, label }) => ({ image, label }))
}

export const tellsWithin = (path: string): LabError =>
  badInput(
    path,
    'it tells where things are within the images (boxes or outlines, as COCO has them), not of which class each image is.',
    'Give images of one thing each, in one folder a class.',
  )
