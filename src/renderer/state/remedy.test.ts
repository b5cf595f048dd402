import { expect, test } from 'vitest'
import { actionSchema } from '../../shared/help.ts'
import { match } from '../app/route.ts'
import { routes } from '../app/routes.ts'
import { errorAt, inLabels, remedyToShow } from './remedy.ts'

test.each(actionSchema.options)('what helps with "%s" is at an address that there is', (action) => {
  const { link } = remedyToShow({ remedy: 'Do it.', help: { action, run: 'calm-otter' } })
  expect(link?.title).toMatch(/^[A-Z]/)
  expect(routes.filter(({ pattern }) => match(pattern, link!.href.slice(1).split('?')[0]) !== null)).not.toEqual([])
})

test('what helps leads where its title says', () => {
  const led = Object.fromEntries(
    actionSchema.options.map((action) => {
      const { link } = remedyToShow({ remedy: 'Do it.', help: { action, run: 'calm-otter' } })
      return [action, `${link?.title}: ${link?.href}`]
    }),
  )
  expect(led).toMatchObject({
    train: 'New experiment: #/new',
    resume: 'Open the run: #/runs/calm-otter',
    fork: 'Open the run: #/runs/calm-otter',
    'show-run': 'Open the run: #/runs/calm-otter',
    'list-runs': 'All runs: #/runs',
    'add-data': 'Import data: #/import',
    'list-data': 'Data sets: #/data',
    'list-studies': 'Studies: #/studies',
    trash: 'Trash: #/trash',
    'import-networks': 'Import networks: #/runs?import=networks',
    repair: 'System: #/system',
    evaluate: 'Evaluation: #/runs/calm-otter/analyses/evaluation',
    distil: 'Student: #/runs/calm-otter/analyses/distillation',
  })
  // Of a run that is not told nothing can be opened.
  expect(remedyToShow({ remedy: 'Do it.', help: { action: 'resume' } }).link).toBeNull()
})

test('settings are called as their fields are, whatever else has a point in it stays', () => {
  expect(inLabels('At step 20, and training.steps is 20: make method.lambda or target.layers.2.units smaller.')).toBe(
    'At step 20, and “Steps” is 20: make “Accuracy against diversity” or “Units, layer 3” smaller.',
  )
  const others = 'See /data/training.steps/x, "training.steps", mnist.json, e.g. localhost:80 and 0.5 of training.stairs.'
  expect(inLabels(others)).toBe(others)
})

test('a field says what is wrong with it, and no other does', () => {
  const error = {
    code: 'invalid-argument',
    message: 'training.steps is 3.',
    remedy: 'Ask for more.',
    help: { settings: { 'training.steps': null } },
  } as const
  expect(errorAt(error, 'training.steps')).toBe('“Steps” is 3. Ask for more.')
  expect(errorAt(error, 'seed')).toBeNull()
  const both = { settings: { 'training.steps': null, seed: null }, faults: { 'training.steps': 'training.steps is odd.', seed: 'No.' } }
  expect(errorAt({ ...error, help: both }, 'training.steps'), 'of several, its own').toBe('“Steps” is odd.')
  expect(errorAt(null, 'seed')).toBeNull()
})
