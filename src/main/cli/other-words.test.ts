import { expect, it } from 'vitest'
import { settableKeys } from '../../shared/document-keys.ts'
import { presets } from '../../shared/presets.ts'
import { commandsElsewhere, settingElsewhere } from './other-words.ts'
import { buildProgram } from './program.ts'
import { referenceHost } from './reference/host.ts'

it.each(Object.entries(commandsElsewhere))('%s is no command, and is told of one that there is: %s', (theirs, ours) => {
  const [first, second] = ours.split(' ')
  const { commands } = buildProgram(referenceHost)
  expect(commands.map((command) => command.name())).not.toContain(theirs)
  const found = commands.find((command) => command.name() === first)
  expect(found).toBeDefined()
  if (second !== undefined) expect(found!.commands.map((command) => command.name())).toContain(second)
})

it.each([
  ['--lr', 'training.learningRate'],
  ['--lr=3', 'training.learningRate'],
  ['--batch-size', 'training.imageBatch'],
  ['--epochs', 'training.steps'],
  ['--weight-decay', 'method.weightDecay'],
  ['--learningrate', 'training.learningRate'],
])('%s of another tool is a setting here', (option, key) => {
  expect(settingElsewhere(option)).toBe(`--set ${key}=...`)
  expect(Object.values(presets).flatMap((preset) => settableKeys(preset))).toContain(key)
})

it('knows no setting for what is none', () => expect(settingElsewhere('--momentumm')).toBeUndefined())
