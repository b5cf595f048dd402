import { expect, test } from 'vitest'
import { inLabels, loadWords, placeOfCommand, remedyToShow, titleOfAnalysis } from './words.svelte.ts'

test('errors are told as they came until labels and analyses are known, and then by these', async () => {
  const error = { remedy: 'Give training.steps fewer.', help: { action: 'evaluate' as const, run: 'r-1' } }
  expect(inLabels('training.steps is too large')).toBe('training.steps is too large')
  expect(remedyToShow(error)).toEqual({ text: 'Give training.steps fewer.', link: null })
  expect([titleOfAnalysis('calibration'), placeOfCommand('calibrate')]).toEqual([undefined, undefined])
  await loadWords()
  expect(inLabels('training.steps is too large')).toBe('“Steps” is too large')
  expect(remedyToShow(error)).toEqual({
    text: 'Give “Steps” fewer.',
    link: { title: 'Evaluation', href: '#/runs/r-1/analyses/evaluation' },
  })
  expect([titleOfAnalysis('calibration'), placeOfCommand('calibrate')]).toEqual(['Calibration', '/analyses/calibration'])
})
