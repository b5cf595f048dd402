/** Words that other tools have for what is done here: whoever types one is told ours. */
import { settableKeys } from '../../shared/document-keys.ts'
import { presets } from '../../shared/presets.ts'
import { settingByWord } from '../lab/experiment/suggest.ts'

/** Commands, by other words for them. */
export const commandsElsewhere: Readonly<Record<string, string>> = {
  list: 'runs',
  ls: 'runs',
  status: 'runs',
  rm: 'runs remove',
  delete: 'runs remove',
  remove: 'runs remove',
  rename: 'runs edit',
  tag: 'runs edit',
  info: 'show',
  import: 'data add',
  continue: 'resume',
  fit: 'train',
  test: 'evaluate',
  vote: 'ensemble',
  compress: 'distil',
  tsne: 'map',
  pca: 'scatter',
  plot: 'report',
  infer: 'predict',
  classify: 'predict',
  compare: 'study',
  benchmark: 'study',
  tune: 'sweep',
  grid: 'sweep',
  gui: 'serve',
  ui: 'serve',
  open: 'serve',
  start: 'serve',
}

/** The setting that an option is here, as it is typed: `--lr` and `--learning-rate` are `--set training.learningRate=...`; undefined: none. */
export function settingElsewhere(option: string): string | undefined {
  const keys = Object.values(presets).flatMap((preset) => settableKeys(preset))
  const key = settingByWord(option.replace(/^-+/, '').replace(/=.*/, ''), keys)
  return key === undefined ? undefined : `--set ${key}=...`
}
