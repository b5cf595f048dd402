import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { layerKinds } from '../layers/registry.ts'
import { methodOf } from '../methods/registry.ts'
import type { SchemaNode } from './document-keys.ts'
import { presets } from './presets.ts'
import { settingOf, settingsOf } from './settings.ts'

/** What a method's own schema calls each of its settings. */
const ownTitles = (kind: string): Record<string, string | undefined> => {
  const { properties = {} } = z.toJSONSchema(methodOf({ kind }).schema, { io: 'input' }) as SchemaNode
  return Object.fromEntries(Object.entries(properties).map(([key, { title }]) => [key, title]))
}

describe.each(Object.values(presets).map((document) => [document.preset, document] as const))('settings of %s', (_, document) => {
  it('are called as their own method calls them, whatever others call theirs', () => {
    const titles = ownTitles(document.method.kind)
    const ofMethod = settingsOf(document).filter(({ key }) => /^method\.\w+$/.test(key))
    expect(ofMethod.length).toBeGreaterThan(0)
    for (const { key, label } of ofMethod) expect(label, key).toBe(titles[key.split('.')[1]] ?? key)
  })

  it('of a layer are those of its own kind', () => {
    for (const [i, layer] of document.target.layers.entries()) {
      const own = z.toJSONSchema(layerKinds[layer.kind].schema, { io: 'input' }) as SchemaNode
      for (const [key, { title }] of Object.entries(own.properties ?? {}))
        if (key in layer && title !== undefined)
          expect(settingOf(`target.layers.${i}.${key}`, document).label).toBe(`${title}, layer ${i + 1}`)
    }
  })
})
