import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { SessionDraft } from './session-draft.ts'

function storage() {
  const kept = new Map<string, string>()
  return {
    kept,
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => void kept.set(key, value),
    removeItem: (key: string) => void kept.delete(key),
  }
}
const schema = z.strictObject({ name: z.string() })

describe('a draft', () => {
  it('is there again for another view, until it is submitted', () => {
    const under = storage()
    new SessionDraft('form', schema, () => under).write({ name: 'a' })
    expect(new SessionDraft('form', schema, () => under).read()).toEqual({ name: 'a' })
    expect(new SessionDraft('other', schema, () => under).read()).toBeNull()
    new SessionDraft('form', schema, () => under).write(null)
    expect(under.kept.size).toBe(0)
  })

  it('is none where another version or somebody else wrote it', () => {
    const under = storage()
    for (const text of ['{"name": 3}', 'no JSON', '[]']) {
      under.setItem('draft:form', text)
      expect(new SessionDraft('form', schema, () => under).read()).toBeNull()
    }
  })

  it('is bounded, and a full storage is no reason to stop', () => {
    const under = storage()
    const draft = new SessionDraft('form', schema, () => under)
    draft.write({ name: 'a' })
    draft.write({ name: 'a'.repeat(1e6) })
    expect(under.kept.size).toBe(0)
    const full = {
      ...under,
      setItem: () => {
        throw new DOMException('full', 'QuotaExceededError')
      },
    }
    expect(() => new SessionDraft('form', schema, () => full).write({ name: 'a' })).not.toThrow()
  })
})
