/**
 * Records that name images and classes, in JSON as tools write it: lines or a list of records, a class for each name, names of
 * classes with a number for each image (FiftyOne), tasks with choices (Label Studio), images and their categories (COCO).
 */
import type { LabError } from '../../../../shared/errors.ts'
import { badInput } from '../../bad-input.ts'
import type { TreeFile } from '../../tree/tree-file.ts'

type Group = Record<string, unknown>
const isGroup = (value: unknown): value is Group => typeof value === 'object' && value !== null && !Array.isArray(value)

/** @returns null: it is no JSON, or holds no records; `within`: it tells of things within the images */
export function recordsIn(text: string, { ending }: Pick<TreeFile, 'ending'>): Group[] | 'within' | null {
  try {
    if (ending === '.jsonl')
      return text
        .split('\n')
        .filter((line) => line.trim() !== '')
        .map((line) => JSON.parse(line) as unknown)
        .filter(isGroup)
    return recordsOf(JSON.parse(text))
  } catch (error) {
    if (error instanceof SyntaxError) return null // no JSON: whatever it is, it names no classes
    throw error
  }
}

/** One record. @returns null: it is none */
export function recordIn(text: string): Group | null {
  try {
    const value = JSON.parse(text) as unknown
    return isGroup(value) ? flat(value) : null
  } catch {
    return null // no JSON
  }
}

function recordsOf(value: unknown): Group[] | 'within' | null {
  if (Array.isArray(value)) return value.filter(isGroup).map((record) => chosen(record) ?? flat(record))
  if (!isGroup(value)) return null
  const { classes, labels, images, annotations, categories } = value
  if (Array.isArray(images) && Array.isArray(annotations)) return ofImages(images.filter(isGroup), annotations.filter(isGroup), categories)
  if (isGroup(labels)) {
    const named = (label: unknown) => (Array.isArray(classes) && typeof label === 'number' ? (classes[label] as unknown) : label)
    return Object.entries(labels).map(([image, label]) => ({ image, label: named(label) }))
  }
  const lists = Object.values(value).filter((one) => Array.isArray(one) && one.some(isGroup))
  if (lists.length === 1) return recordsOf(lists[0])
  return Object.entries(value).map(([image, label]) => ({ image, label }))
}

/** A record whose labels are structures, and whose tags are lists, as FiftyOne keeps them: `{ label: 'cat', confidence: 0.9 }`. */
function flat(record: Group): Group {
  const plain = (value: unknown) =>
    Array.isArray(value) && value.length === 1 ? (value[0] as unknown) : isGroup(value) && 'label' in value ? value.label : value
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, plain(value)]))
}

/** A task of Label Studio: what was chosen of its image; several choices stand together. @returns null: it is none */
function chosen({ data, annotations }: Group): Group | null {
  if (!isGroup(data) || !Array.isArray(annotations)) return null
  const [annotation] = annotations.filter(isGroup)
  const results = Array.isArray(annotation?.result) ? annotation.result.filter(isGroup) : []
  const choices = results.flatMap(({ value }) => (isGroup(value) && Array.isArray(value.choices) ? (value.choices as unknown[]) : []))
  return { image: Object.values(data).find((one) => typeof one === 'string'), choice: choices.join(', ') }
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

export const tellsWithin = (path: string): LabError =>
  badInput(
    path,
    'it tells where things are within the images (boxes or outlines, as COCO has them), not of which class each image is.',
    'Give images of one thing each, in one folder a class.',
  )
