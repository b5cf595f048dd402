import { describe, expect, it } from 'vitest'
import { ago, bytes, duration, number, percent, plural } from './format.ts'

const gap = '\u00a0'

describe('numbers', () => {
  it('have four digits, and separators where they are long', () => {
    expect(number(0.228476)).toBe('0.2285')
    expect(number(-1029.4)).toBe('−1,029')
    expect(number(12345.6)).toBe('12,346')
    expect(number(3e-7)).toBe('3.00e−7')
    expect(number(Number.NaN)).toBe('NaN')
    expect(number(-Infinity)).toBe('−∞')
    expect(number(null)).toBe('–')
  })

  it('are percent with a sign that stays with them', () => {
    expect(percent(0.98765)).toBe(`98.77${gap}%`)
    expect(percent(undefined)).toBe('–')
  })

  it('are bytes in powers of a thousand', () => {
    expect(bytes(0)).toBe('0 B')
    expect(bytes(999)).toBe('999 B')
    expect(bytes(999_600)).toBe('1 MB')
    expect(bytes(1_536)).toBe('1.5 kB')
    expect(bytes(121e9)).toBe('121 GB')
  })

  it('are counted with their word', () => {
    expect(plural(1, 'run')).toBe('1 run')
    expect(plural(2000, 'process', 'processes')).toBe('2,000 processes')
  })
})

describe('times', () => {
  it('have two units at most', () => {
    expect(duration(0.4)).toBe('< 1 s')
    expect(duration(59.6)).toBe('1 min 00 s')
    expect(duration(3725)).toBe('1 h 02 min')
    expect(duration(86_400 * 2 + 3600)).toBe('2 d 1 h')
    expect(duration(Infinity)).toBe('–')
  })

  it('are told from now', () => {
    const now = Date.parse('2026-11-24T12:00:00')
    expect(ago(now - 10_000, now)).toBe('just now')
    expect(ago(now - 240_000, now)).toBe('4 min ago')
    expect(ago(now - 86_400_000 * 1.5, now)).toBe('yesterday')
    expect(ago(now - 86_400_000 * 3, now)).toBe('21 Nov')
    expect(ago(Date.parse('2025-03-01T12:00:00'), now)).toBe('1 Mar 2025')
  })
})
