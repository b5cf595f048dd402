import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { ago, bytes, count, duration, number, percent, plural } from './wording.ts'

const gap = '\u00a0'

describe('numbers', () => {
  it('have the digits asked for, and separators where they are long', () => {
    expect(number(0.228476)).toBe('0.2285')
    expect(number(-1029.4)).toBe('−1,029')
    expect(number(12345.6)).toBe('12,346')
    expect(number(2841.64, 3)).toBe('2,842')
    expect(number(-0.01234, 2)).toBe('−0.012')
    expect(number(3e-7)).toBe('3.000e−7')
    expect(number(Number.NaN)).toBe('NaN')
    expect(number(-Infinity)).toBe('−∞')
    expect(number(null)).toBe('–')
  })

  it('are percent with a sign that stays with them', () => {
    expect(percent(0.98765)).toBe(`98.77${gap}%`)
    expect(percent(0.873, 0)).toBe(`87${gap}%`)
    expect(percent(0.004, 0)).toBe(`<${gap}1${gap}%`)
    expect(percent(0)).toBe(`0.00${gap}%`)
    expect(percent(-0.331, 0)).toBe(`\u221233${gap}%`)
    expect(percent(undefined)).toBe('–')
  })

  it('are bytes in powers of a thousand', () => {
    expect(bytes(0)).toBe(`0${gap}B`)
    expect(bytes(999)).toBe(`999${gap}B`)
    expect(bytes(999_600)).toBe(`1${gap}MB`)
    expect(bytes(1_536)).toBe(`1.5${gap}kB`)
    expect(bytes(121e9)).toBe(`121${gap}GB`)
  })

  it('are counted with their word', () => {
    expect(plural(1, 'run')).toBe('1 run')
    expect(plural(2000, 'process', 'processes')).toBe('2,000 processes')
  })

  it('of images and steps are written so wherever they are told: one may be all there is', () => {
    const source = fileURLToPath(new URL('..', import.meta.url))
    const bare = /count\([^(){}`]*\)\} (?:\$?\{[\w.]+\} )?(?:\w+ )?(?:image|step)s\b(?! are)/
    const written = globSync('**/*.{ts,svelte}', { cwd: source }).filter((path) => !/\.test\.ts$|commands[\\/]study\.ts$/.test(path))
    const lines = written.flatMap((path) => readFileSync(`${source}${path}`, 'utf8').split('\n'))
    expect(lines.length).toBeGreaterThan(10_000)
    expect(lines.filter((line) => bare.test(line) && !line.includes('=== 1 ?'))).toEqual([])
  })

  it('are never NaN with a unit', () => {
    for (const say of [percent, duration, count]) expect(say(Number.NaN)).toBe('–')
  })
})

describe('times', () => {
  it('have two units at most', () => {
    const said = (seconds: number) => duration(seconds).replaceAll(gap, ' ')
    expect(said(0)).toBe('0 s')
    expect(said(0.0853)).toBe('85 ms')
    expect(said(0.996)).toBe('1.0 s')
    expect(said(9.96)).toBe('10 s')
    expect(said(59.6)).toBe('1 min 00 s')
    expect(said(192)).toBe('3 min 12 s')
    expect(said(3725)).toBe('1 h 02 min')
    expect(said(86_400 * 2 + 3600)).toBe('2 d 01 h')
    expect(said(86_400 * 2 - 20)).toBe('2 d 00 h')
    expect(said(Infinity)).toBe('–')
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
