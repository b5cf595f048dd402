import { expect, it } from 'vitest'
import { remedyToType } from './remedy.ts'

const typed = (error: Parameters<typeof remedyToType>[0]): string => remedyToType(error, 'npm run lab --')

it('leaves a sentence without help as it is', () => {
  expect(typed({ remedy: 'Wait for it to end.' })).toBe('Wait for it to end.')
})

it('names the command that would help, with its run and options', () => {
  expect(typed({ remedy: 'Train it first.', help: { action: 'resume', run: 'calm-otter' } })).toBe(
    'Train it first: npm run lab -- resume calm-otter',
  )
  expect(
    typed({ remedy: 'Go on beyond its end.', help: { action: 'fork', run: 'calm-otter', settings: { at: 300, 'training.steps': 900 } } }),
  ).toBe('Go on beyond its end: npm run lab -- fork calm-otter --at 300 --set training.steps=900')
  expect(typed({ remedy: 'Add one.', help: { action: 'add-data' } })).toBe('Add one: npm run lab -- data add PATH')
})

it('lets no shell take a name for anything else than a name', () => {
  expect(typed({ remedy: 'Give that.', help: { action: 'add-data', path: 'a $(reboot).csv' } })).toBe(
    "Give that: npm run lab -- data add 'a $(reboot).csv'",
  )
  expect(typed({ remedy: 'Repair it.', help: { action: 'repair', settings: { dataDir: "/tmp/o'clock" } } })).toBe(
    "Repair it: npm run lab -- repair --data-dir '/tmp/o'\\''clock'",
  )
})

it('names the options that decide, with a value that would do', () => {
  expect(typed({ remedy: 'Choose another split.', help: { settings: { split: null } } })).toBe('Choose another split (--split).')
  expect(typed({ remedy: 'Take 3 or more.', help: { settings: { count: 3, labelColumn: null } } })).toBe(
    'Take 3 or more (-n 3, --label-column).',
  )
})
